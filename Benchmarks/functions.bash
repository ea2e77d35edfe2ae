# What Scripts/bench and Scripts/bench-audit share. They read it from the project's folder and are told by its variables where
# things are.
# shellcheck shell=bash

package=Benchmarks
scratch=$package/.build
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# MARK: Programs

# The program that does one workload, with the Swift library inside: so that starting it costs as little as its rivals' start.
prepare_workload() {
  swift build --package-path $package --scratch-path $scratch-static -c release --static-swift-stdlib --product workload >&2
  workload=$(swift build --package-path $package --scratch-path $scratch-static -c release --show-bin-path)/workload
}

prepare_nameward() {
  swift build -c release --product nameward >&2
  nameward=$(swift build -c release --show-bin-path)/nameward
}

# The programs in C, each a file.
prepare_floor() {
  local program
  if ! command -v cc >/dev/null; then
    say 'a C compiler is needed; install it: apt-get install gcc libc6-dev'
    exit 1
  fi
  floor=$scratch/floor
  mkdir -p $floor
  for program in floor answerer measure; do
    cc -O2 -Wall -Wextra -o "$floor/$program" "$package/Floor/$program.c"
  done
  cc -O2 -Wall -Wextra -shared -fPIC -o "$floor/sigsuspend.so" "$package/Floor/sigsuspend.c"
}

# MARK: Servers

servers=() # ADDRESS:PORT of each that runs
processes=()

# A port that nothing on this machine has.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    grep --quiet --ignore-case --no-messages ":$(printf '%04X' $port) " /proc/net/udp /proc/net/tcp /proc/net/udp6 /proc/net/tcp6 && continue
    printf '%d' $port
    return
  done
}

# Ends the servers that were started; what they said at their end is in $folder/answerer-N.
stop_servers() {
  if ((${#processes[@]})); then
    kill "${processes[@]}" 2>/dev/null || true
    wait "${processes[@]}" 2>/dev/null || true
  fi
  servers=()
  processes=()
}

# Waits until a server that was just started answers.
await() {
  local attempt
  for ((attempt = 0; attempt < 600; attempt++)); do
    if timeout 1 "$floor/floor" "$1" "$2" 1 >/dev/null 2>&1; then
      servers+=("$1:$2")
      return
    fi
    sleep 0.1
  done
  say "no server came up at $1, port $2"
  exit 1
}

# So many answerers for so many names, each at an address of its own, on these cores.
start_answerers() {
  local count=$1 names=$2 cores=$3 port number
  shift 3
  port=$(free_port)
  for ((number = 1; number <= count; number++)); do
    taskset --cpu-list "$cores" "$floor/answerer" "$@" "127.0.0.$number" "$port" "$names" >"$folder/answerer-$number" &
    processes+=($!)
    await "127.0.0.$number" "$port"
  done
}

# MARK: Runs

# Whether a tool is here; where not, says what to install.
has() {
  command -v "$1" >/dev/null && return
  say "$1 is not here and is left out; install it: apt-get install $2"
  return 1
}

# Runs a command on these cores; its line of figures goes to a file of the results.
run() {
  local results=$1 cores=$2
  shift 2
  taskset --cpu-list "$cores" "$floor/measure" "$folder/$results" "$@"
}

# MARK: Figures

# Least, median and most of some lines, each a number.
of_five() { sort -n | awk '{ v[NR] = $1 } END { printf "%.3f %.3f %.3f\n", v[1], v[int((NR + 1) / 2)], v[NR] }'; }

machine() {
  printf '%s cores, %s, Linux %s, %s; load %s\n' "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" \
    "$(uname -r)" "$(swift --version 2>/dev/null | head -n 1)" "$(cut -d' ' -f1-3 /proc/loadavg)"
}

header() { printf '\n%s (load %s)\n' "$1" "$(cut -d' ' -f1-3 /proc/loadavg)"; }

# A figure of each run, by its name in the lines of a file of the results.
values() { awk -v key="$2" '{ for (i = 1; i < NF; i += 2) if ($i == key) print $(i + 1) }' "$folder/$1"; }
least() { values "$@" | of_five | cut -d' ' -f1; }
median() { values "$@" | of_five | cut -d' ' -f2; }
most() { values "$@" | of_five | cut -d' ' -f3; }

# What awk makes of an expression, in a format.
calculated() { awk "BEGIN { printf \"$1\", $2 }"; }

# A line of the last table. The goal is what the ratio, or ours where there is no rival, is held against: an operator and a number.
row() {
  local what=$1 ours=$2 rival=$3 ratio=$4 goal=$5 held met=-
  held=$ratio
  [[ $held != - ]] || held=$ours
  if [[ $goal != - ]]; then met=$(awk "BEGIN { print ($held $goal) ? \"met\" : \"not met\" }"); fi
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$what" "$ours" "$rival" "$ratio" "$goal" "$met" >>"$folder/rows"
}

# The lines of the last table.
rows() {
  printf '\n%-56s %10s %10s %7s  %-8s\n' what ours rival ratio goal
  awk -F'\t' '{ printf "%-56s %10s %10s %7s  %-8s %s\n", $1, $2, $3, $4, $5, $6 }' "$folder/rows"
}

# Ends with the usage where the text is no number from 1 on.
whole_number() {
  [[ $1 =~ ^[1-9][0-9]{0,7}$ ]] && return
  usage >&2
  exit 2
}
