# Sourced by build and build-flux: programs that a Go module names with `tool` lines, built once per user into a cache
# folder that is named after what they are built from. The caller sets:
#
#   name      of the script, for its messages
#   module    folder of go.mod and go.sum
#   kind      name of the folder in the cache: kube, flux
#   complete  function that builds into the folder given to it, and fails when a program is missing
#
# GO names another go program than the one on the PATH, XDG_CACHE_HOME another place than ~/.cache.

go=${GO:-go}

fail() {
    echo "$name: $*" >&2
    exit 1
}

digest() {
    if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-16
}

# The version in use, which is not always that of the go on the PATH: go may bring the one that go.mod asks for by itself.
go_version() {
    local needed found
    needed=$(awk '$1 == "go" { print $2; exit }' "$module/go.mod")
    command -v "$go" >/dev/null || fail "no '$go' on the PATH. Go $needed or newer is needed: https://go.dev/dl/"
    found=$(cd "$module" && "$go" env GOVERSION 2>&1) ||
        fail "Go $needed or newer is needed, from https://go.dev/dl/ or by GOTOOLCHAIN=auto. $go says: $found"
    if [[ $(printf '%s\n' "$needed" "${found#go}" | sort -V | head -n 1) != "$needed" ]]; then
        fail "Go $needed or newer is needed, this is ${found}: https://go.dev/dl/"
    fi
    echo "$found"
}

# build_tools FOLDER LDFLAGS: all tools of the module. A higher GOGC spares a tenth of the time and costs memory: about
# 3.3 GiB at the peak.
build_tools() {
    (cd "$module" && GOGC=${GOGC:-400} CGO_ENABLED=0 "$go" build -trimpath -buildvcs=false \
        -ldflags "-s -w $2" -o "$1/" tool) >&2 ||
        fail "the build failed, see above. It downloads Go modules from $("$go" env GOPROXY): is that reachable?"
}

# Builds beside the folder and moves the result there, so that a folder with the file `complete` is never half built.
build_into() {
    local folder=$1 part=$1.$$
    rm -rf "$part"
    mkdir -p "$part"
    trap "chmod -R u+w '$part'; rm -rf '$part'" EXIT
    complete "$part"
    rm -rf "$folder"
    mv "$part" "$folder"
    trap - EXIT
    date -u +%Y-%m-%dT%H:%M:%SZ >"$folder/complete"
}

# provide [--ready]: prints the folder with the programs as the last line.
provide() {
    local version key folder
    version=$(go_version)
    key=$({ cat "$module/go.mod" "$module/go.sum" && echo "$version"; } | digest)
    folder=${XDG_CACHE_HOME:-$HOME/.cache}/gitops-plugin/$kind/$key
    if [[ ! -f $folder/complete ]]; then
        [[ ${1:-} != --ready ]] || fail "not built yet on this machine; run $name"
        mkdir -p "$(dirname "$folder")"
        # Two builds at a time would only take turns on the same cores: the second waits and finds the work done.
        exec 9>"$folder.lock"
        if command -v flock >/dev/null; then flock 9; fi
        if [[ ! -f $folder/complete ]]; then
            echo "$name: building into $folder" >&2
            build_into "$folder"
        fi
    fi
    echo "$folder"
}
