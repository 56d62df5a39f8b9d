# claude-tmux shell integration for fish: tells tmux when a command starts and ends, in an OSC 7 that nothing shows.
set -e CLAUDE_TMUX_INTEGRATION
set -g __claude_tmux_count 0 # prompts shown
set -g __claude_tmux_code 0 # of the last command
set -g __claude_tmux_duration '' # of the last command, in microseconds

function __claude_tmux_tell
    printf '\e]7;claude-tmux:%s;%s\a' $fish_pid $argv[1]
end

function __claude_tmux_run --on-event fish_preexec
    set -g __claude_tmux_duration ''
    __claude_tmux_tell "run;$__claude_tmux_count;$__claude_tmux_code;"
end

function __claude_tmux_end --on-event fish_postexec
    set -g __claude_tmux_code $status
    set -g __claude_tmux_duration (math $CMD_DURATION x 1000)
    __claude_tmux_tell "end;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
end

function __claude_tmux_prompt --on-event fish_prompt
    set -g __claude_tmux_count (math $__claude_tmux_count + 1)
    set -l state idle
    # more has been typed already: the shell won't wait at this prompt. fish itself can't tell
    command -q bash; and command bash -c 'read -r -t 0' 2>/dev/null; and set state more
    __claude_tmux_tell "$state;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
end

# the prompt is there again without a command having run
function __claude_tmux_back
    set -g __claude_tmux_code $argv[1]
    set -g __claude_tmux_duration ''
    set -g __claude_tmux_count (math $__claude_tmux_count + 1)
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
