# A door to Scripts, which hold the project's verbs.
.PHONY: bootstrap build test test-fast lint format bench docs drill clean
.DEFAULT_GOAL := build

# Installs what is missing, and passes every test, real name servers included.
test:
	@Scripts/test

# Those that start no name server of Debian's.
test-fast:
	@Scripts/test --fast

# Installs what is missing, builds, replays the campaign on loopback and sees it caught.
drill:
	@Scripts/bootstrap
	@Scripts/build --product nameward
	@.build/debug/nameward drill

bootstrap build lint format bench docs:
	@Scripts/$@

clean:
	rm -rf .build .build-room
