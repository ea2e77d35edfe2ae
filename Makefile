# A door to Scripts, which hold the project's verbs.
.PHONY: bootstrap build test test-fast lint format bench docs drill clean
.DEFAULT_GOAL := build

bootstrap build test lint format bench docs:
	@Scripts/$@

test-fast:
	@Scripts/test --fast

# Replays the campaign on loopback and sees it caught.
drill:
	@Scripts/bootstrap
	@Scripts/build --product nameward
	@.build/debug/nameward drill

clean:
	rm -rf .build .build-room
