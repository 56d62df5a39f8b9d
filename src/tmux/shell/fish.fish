# claude-tmux shell integration for fish: tells tmux when a command starts and ends, in an OSC 7 that nothing shows.
# what is done here is not to be traced, the secret least
set -l fish_trace
set -g __claude_tmux_folder $CLAUDE_TMUX_INTEGRATION
set -e CLAUDE_TMUX_INTEGRATION
set -g __claude_tmux_restored
if set -q CLAUDE_TMUX_RESTORED
    set -g __claude_tmux_restored $CLAUDE_TMUX_RESTORED
    set -e CLAUDE_TMUX_RESTORED
    # nobody is greeted anew
    function fish_greeting
    end
end
set -g __claude_tmux_key '' # the secret that shows a mark to be this shell's
set -g __claude_tmux_count 0 # prompts shown
set -g __claude_tmux_code 0 # of the last command; empty when nobody knows
set -g __claude_tmux_duration '' # of the last command, in microseconds
set -g __claude_tmux_ran 1 # whether a command runs
set -g __claude_tmux_draft '' # what somebody had typed when a command was put in its place
set -g __claude_tmux_cursor 0 # where the cursor was in it
if test -r "$__claude_tmux_folder/key-$fish_pid"
    read -g __claude_tmux_key <"$__claude_tmux_folder/key-$fish_pid"
    command rm -f -- "$__claude_tmux_folder/key-$fish_pid" 2>/dev/null; or /bin/rm -f -- "$__claude_tmux_folder/key-$fish_pid" 2>/dev/null
end

function __claude_tmux_tell
    # what a program left unended, as an image that was interrupted, would swallow it for seconds: a string ends with ST
    printf '\e\\\\\e]7;claude-tmux:%s;%s;%s\a' "$__claude_tmux_key" $fish_pid $argv[1]
end

function __claude_tmux_run --on-event fish_preexec
    set -g __claude_tmux_ran 1
    set -g __claude_tmux_duration ''
    __claude_tmux_tell "run;$__claude_tmux_count;$__claude_tmux_code;"
    set -g __claude_tmux_code ''
end

function __claude_tmux_end --on-event fish_postexec
    set -g __claude_tmux_code $status
    set -g __claude_tmux_duration (math $CMD_DURATION x 1000)
    __claude_tmux_tell "end;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
end

function __claude_tmux_prompt --on-event fish_prompt
    set -g __claude_tmux_ran 0
    set -g __claude_tmux_count (math $__claude_tmux_count + 1)
    set -l state idle
    # more has been typed already: the shell won't wait at this prompt
    __claude_tmux_isMore; and set state more
    __claude_tmux_environment
    test $state = idle; and __claude_tmux_call
    __claude_tmux_tell "$state;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
end

# Has what somebody had typed put back at the prompt that is about to be told.
function __claude_tmux_call
    test -n "$__claude_tmux_draft"; or return
    /bin/sh -c '/bin/sh "$0" "$@" </dev/null >/dev/null 2>&1 &' "$__claude_tmux_folder/draft.sh" $fish_pid $__claude_tmux_count fish
end

# Tells in a file which variables commands get, if these are others than were told: `=NAME` as the shell had it when it began,
# `+NAME=value` anew, or the name alone of what may be a secret, `-NAME` no more. It is whole when it ends with `.`. Those that
# fish itself keeps (universal ones) are none of them. All names here are ours: others would hide somebody's variables.
function __claude_tmux_environment
    set -l fish_trace
    set -l __claude_tmux_now (set -xL | string match -rv '^(_|PWD|OLDPWD|SHLVL|LINES|COLUMNS|fish_trace) ')
    test "$__claude_tmux_now" = "$__claude_tmux_shown"; and return
    set -g __claude_tmux_shown $__claude_tmux_now
    set -l __claude_tmux_told
    set -l __claude_tmux_list
    for __claude_tmux_name in (set -nx | string match -rv '^(_|PWD|OLDPWD|SHLVL|LINES|COLUMNS|fish_trace)$')
        set -qU $__claude_tmux_name; and not set -qg $__claude_tmux_name; and continue
        set -a __claude_tmux_list $__claude_tmux_name
        set -l __claude_tmux_pair "$__claude_tmux_name=$$__claude_tmux_name"
        if not set -q __claude_tmux_began_names
            set -ga __claude_tmux_began $__claude_tmux_pair
            set -a __claude_tmux_told "=$__claude_tmux_name"
        else if contains -- $__claude_tmux_pair $__claude_tmux_began
            set -a __claude_tmux_told "=$__claude_tmux_name"
        else if string match -qir $__claude_tmux_secrets -- $__claude_tmux_pair
            set -a __claude_tmux_told "+$__claude_tmux_name"
        else
            set -a __claude_tmux_told "+$__claude_tmux_pair"
        end
    end
    set -q __claude_tmux_began_names; or set -g __claude_tmux_began_names $__claude_tmux_list
    for __claude_tmux_name in $__claude_tmux_began_names
        contains -- $__claude_tmux_name $__claude_tmux_list; or set -a __claude_tmux_told "-$__claude_tmux_name"
    end
    test -d "$__claude_tmux_folder"; and printf '%s\0' $__claude_tmux_told . >"$__claude_tmux_folder/env-$fish_pid"
end

# Names and forms of what may be a secret, of NAME=value, in letters of either case: all that secrets.ts takes for one, and more.
set -g __claude_tmux_secrets '^[^=]*=[\s\S]{4097}|^(?!(?-i:keys?|SSH_AUTH_SOCK|SSH_KEY_PATH)=)([^=]*(token|secret|passw|api_?key|credential|unseal|(gpg|auth|ssh|sign|enc|access|private)key|((db|pg|ssh|my|user)pass|pwd?)=|(?<![a-z])(pass|passphrases?|pwd?|keys?|creds?|auth|authorization|bearer|cookies?|private|jwt|pat|otp|pin)(?![a-z]))|aws_|(?=[^=]*(?-i:[a-z0-9][A-Z]))[^=]*(pass|pw|key|cred|auth|bearer|cookie|private|jwt|otp|pin))|(?-i:^([^=]*[^A-Z=])?P(AT([^A-Za-z=][^=]*)?|at([^a-z=][^=]*)?)=)|://[^/]*@|[^a-z0-9_](gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|sk-|akia|npm_|eyj|hf_|aiza|[rs]k_(live|test)_)[a-z0-9_-]{10}|[^a-z0-9_](bearer|basic)\s|=[\s\S]*(passwo?r?d|pwd|token|secret|(api|account|access)_?key)=|["\'][\w-]*(token|secret|pass|pw|key|cred|auth|cookie|private|bearer|jwt|otp|pin|unseal|aws_|pat(?!h))[\w-]*\\\\?["\']\s?:|^[^=]*=[^ :/@]+:[^ :/@]+@|hooks\.slack\.com|-----begin'

# Gives commands the variables that they had where this pane comes from (see start.sh): `NAME=value`, or `-NAME`.
function __claude_tmux_regain
    set -l fish_trace
    set -l __claude_tmux_list
    test -f "$__claude_tmux_restored.env" -a -O "$__claude_tmux_restored.env"; or return
    while read -z -l __claude_tmux_entry
        set -a __claude_tmux_list $__claude_tmux_entry
    end <$__claude_tmux_restored.env
    command rm -f -- $__claude_tmux_restored.env
    for __claude_tmux_entry in $__claude_tmux_list
        if string match -q -- '-*' $__claude_tmux_entry
            set -e (string sub -s 2 -- $__claude_tmux_entry)
        else
            set -gx (string split -f 1 -m 1 = -- $__claude_tmux_entry) (string split -f 2 -m 1 = -- $__claude_tmux_entry | string collect)
        end
    end
end

# Whether something has been typed that the shell has not read yet. fish itself can't tell.
function __claude_tmux_isMore
    command -q bash; and command bash -c 'read -r -t 0' 2>/dev/null
end

# the prompt is there again without a command having run
function __claude_tmux_back
    set -g __claude_tmux_code $argv[1]
    set -g __claude_tmux_duration ''
    set -g __claude_tmux_count (math $__claude_tmux_count + 1)
    __claude_tmux_call
    __claude_tmux_tell "idle;$__claude_tmux_count;$__claude_tmux_code;"
end

# fish runs nothing of a line with a syntax error and leaves it to be edited; the next one typed would be added to it
function __claude_tmux_error --on-event fish_posterror
    commandline -f kill-whole-line
    __claude_tmux_back 127
end

# Ctrl-C at the prompt, also where fish waits for the rest of a command
function __claude_tmux_cancel --on-event fish_cancel
    __claude_tmux_back 130
end

# The private key: puts the command that waits in a file in the place of what somebody has typed.
function __claude_tmux_take
    # in a command that reads a line it is not for us
    test "$__claude_tmux_ran" = 0; or return
    set -l file "$__claude_tmux_folder/take-$fish_pid"
    set -l draft (commandline | string collect)
    if test -f "$file" -a -O "$file"
        # a menu or a search takes the end of a line for its own; the key comes once more
        if commandline --paging-mode; or commandline --search-mode
            commandline -f cancel
            return
        end
        set -l text ''
        read -z text <$file
        # one that stays would be taken again, one that is gone was withdrawn; by now there may be another one in its place
        command rm -- $file </dev/null 2>/dev/null; or /bin/rm -- $file </dev/null 2>/dev/null; or return
        if test -n "$draft"
            set -g __claude_tmux_draft $draft
            set -g __claude_tmux_cursor (commandline -C)
        end
        __claude_tmux_tell "take;$__claude_tmux_count;$__claude_tmux_code;"
        commandline -f cancel
        # it runs nothing of one that is not complete, and waits for the rest; one without this option says 2 to any
        commandline -r -- true
        commandline --is-valid 2>/dev/null
        set -l is_valid $status
        commandline -r -- $text
        commandline --is-valid 2>/dev/null
        test $status = 2 -a $is_valid = 0; or string match -qr '(?<!\\\\)(\\\\\\\\)*\\\\\z' -- $text; and __claude_tmux_tell "rest;$__claude_tmux_count;$__claude_tmux_code;"
        commandline -f execute
    else
        # pressed twice, the second is read at the next prompt, as if somebody had begun to type there
        __claude_tmux_restore
    end
end

# Another key, since a command may come at the same moment: puts back what somebody had typed. It is also how the shell is
# asked for what it told, where something else has taken the place of that.
function __claude_tmux_again
    test "$__claude_tmux_ran" = 0; or return
    __claude_tmux_restore
    __claude_tmux_tell "idle;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
end

# Puts back what somebody had typed.
function __claude_tmux_restore
    test "$__claude_tmux_ran" = 0 -a -n "$__claude_tmux_draft" -a -z "$(commandline | string collect)"; or return
    # what has been typed meanwhile is not to be added to it
    __claude_tmux_isMore; and return
    commandline -r -- $__claude_tmux_draft
    commandline -C $__claude_tmux_cursor
    set -g __claude_tmux_draft ''
end

function __claude_tmux_bind --on-variable fish_key_bindings
    # fish_vi_key_bindings and its like forget all others
    for mode in default insert visual replace replace_one
        bind -M $mode \e\x1e __claude_tmux_take 2>/dev/null
        bind -M $mode \e\x1f __claude_tmux_again 2>/dev/null
    end
end

# what start-up files have set is set by them again; what comes after is somebody's
__claude_tmux_environment
test -n "$__claude_tmux_restored"; and __claude_tmux_regain 2>/dev/null
test -n "$__claude_tmux_key"; and __claude_tmux_bind
set -el fish_trace
