# Sourced by up and down: the processes of one control plane, kept in DIR/processes as lines "pid start-time name".
# A pid is not enough to identify a process: the system may reuse it soon after the process has ended.

# When the process with this pid started, in a unit that only serves to compare; fails when there is none (or a zombie).
start_time() {
    local stat
    if [[ -r /proc/self/stat ]]; then
        stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
        # The name, in parentheses, may contain blanks; it is followed by the state (field 3) and, 18 fields later, the start time.
        set -- ${stat##*) }
        [[ $1 != Z ]] || return 1
        echo "${20}"
    else
        ps -o lstart= -p "$1" | tr -s ' ' '_' | grep . || return 1
    fi
}

# alive PID START-TIME
alive() {
    local now
    now=$(start_time "$1") && [[ $now == "$2" ]]
}

# Ends the processes recorded in the folder, newest first, except the calling one, and waits until they are gone.
# They are killed: a plane is thrown away, and kube-apiserver takes more than a minute to end by itself while it is watched.
end_processes() {
    local file=$1/processes pid start name
    [[ -f $file ]] || return 0
    sed -n '1!G;h;$p' "$file" | while read -r pid start name; do
        if [[ $pid != "$$" ]] && alive "$pid" "$start"; then
            kill -KILL "$pid" 2>/dev/null || true
            while alive "$pid" "$start"; do sleep 0.02; done
        fi
    done
    rm -f "$file"
}
