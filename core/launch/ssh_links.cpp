#include "core/launch/ssh_links.h"

namespace weft {

namespace {

/// A connection is noted as LEADER.SSHD.BEGAN: the command that leads its session, its sshd, and when that began, since another
/// process may have its number later. What a user's own session has started is not noted: its leader does not name the job. A
/// connection that several commands share (ControlMaster) is the user's: its leader is 0, and it stays.
constexpr char functions[] = R"(folder=$1
look() { # at process $1: name, parent, session, began
    read -r line 2> /dev/null < "/proc/$1/stat" || return 1
    name=${line%)*}
    set -- ${line##*) }
    parent=$2 session=$4 began=${20}
}
is_there() { look "$1" && [ "$began" = "$2" ]; }
has_child() {
    for file in /proc/[0-9]*/stat; do
        read -r line 2> /dev/null < "$file" || continue
        set -- "$1" ${line##*) }
        [ "$3" != "$1" ] || return 0
    done
    return 1
}
is_of_job() { grep -q -s -a -F -- "${folder##*/}" "/proc/$1/cmdline"; }
end_link() { # LEADER SSHD BEGAN
    [ "$1" != 0 ] && [ ! -e "$folder/links/0.$2.$3" ] && is_there "$2" "$3" || return 0
    kill "$2" 2> /dev/null
    ! is_of_job "$1" || kill -TERM -- "-$1" 2> /dev/null
}
split() { # the note $1: leader, sshd, since
    leader=${1##*/}
    since=${leader##*.}
    sshd=${leader#*.}
    sshd=${sshd%.*}
    leader=${leader%%.*}
}
has_links() {
    for note in "$folder"/links/*; do
        split "$note"
        [ "$sshd" = "$own" ] || ! is_there "$sshd" "$since" || return 0
    done
    return 1
}
end_links() { # of $@, or all
    [ $# -gt 0 ] || set -- "$folder"/links/*
    for note; do
        split "$note"
        [ "$sshd" = "$own" ] || end_link "$leader" "$sshd" "$since"
    done
}
idle_links() { # whose command has ended
    for note in "$folder"/links/*; do
        split "$note"
        ! is_there "$sshd" "$since" || has_child "$sshd" || echo "${note##*/}"
    done
}
note_link() {
    own=
    look $$ && first=$session && is_of_job "$first" && look "$first" && over=$parent && look "$over" || return 0
    case $name in *'(sshd'*) own=$over ;; *) return 0 ;; esac
    opened=$began
    for note in "$folder"/links/*; do
        split "$note"
        [ "$sshd.$since" != "$own.$opened" ] || first=0
        [ "$sshd.$since" != "$own.$opened" ] && is_there "$sshd" "$since" || rm -f -- "$note"
    done
    [ -d "$folder/links" ] || mkdir -- "$folder/links" 2> /dev/null
    true 2> /dev/null > "$folder/links/$first.$own.$opened"
}
note_link
)";

/// Beside the program that prints. The job is over where its exit code stands or its first process is gone; while someone takes what
/// is printed the connection stays, and so do others whose commands go on or have ended just now.
constexpr char watch[] = R"(pid=$(cat "$folder/pid" 2> /dev/null)
(
    trap '' TERM HUP
    while kill -0 $$ && [ -d "$folder" ] && [ ! -e "$folder/exit" ] && { [ -z "$pid" ] || kill -0 "$pid"; }; do sleep 1; done
    idle=$(idle_links)
    before=
    while now=$(sed -n 's/^wchar: //p' "/proc/$$/io") && [ "$now" != "$before" ]; do before=$now; sleep 1.5; done
    if [ -n "$now" ]; then kill $$; else sleep 1; fi
    [ -d "$folder" ] || exit
    [ -z "$own" ] || end_link "$first" "$own" "$opened"
    for note in $(idle_links); do
        case " $(echo $idle) " in *" $note "*) end_links "$note" ;; esac
    done
) < /dev/null > /dev/null 2>&1 &
)";

} // namespace

std::string linkedScript(const std::string& script)
{
    return functions + script;
}

std::string followScript(const std::string& option)
{
    // The name is watched: the file may not be there yet. It ends with the job's first process, where there is one.
    return functions + (watch + ("exec tail " + option)) + " -F ${pid:+\"--pid=$pid\"} -- \"$1/$2\"";
}

} // namespace weft
