"""Records the calls of a module's own functions while a project's tests run: one JSON line for each call, in a file of this process.

This text is executed at the end of a changed source file (src/inspect/replay/variant.ts). It must not change what tests see. If the
recorder fails, it records nothing, and the test continues.
"""
import datetime as _datetime, functools, inspect, json, os, sys, time as _time, types

# For each function, so many calls are recorded, with so many different lists of arguments.
MAX_CALLS, MAX_ARGUMENT_LISTS, MAX_JSON_CHARS = 200, 20, 4096
_clock, _monotonic, _class = _time.time, _time.monotonic, _datetime.datetime
_started = (_clock(), _monotonic())
_is_clock_set = lambda: _time.time is not _clock or _datetime.datetime is not _class or abs(_clock() - _started[0] - (_monotonic() - _started[1])) > 5


def _exact(value, depth=0):
    """True if JSON (with marked tuples) restores exactly this value."""
    kind = type(value)
    if value is None or kind in (bool, str):
        return True
    if kind is int:
        return abs(value) < 1 << 200
    if kind is float:
        return value == value and value not in (float('inf'), float('-inf')) and not (value == 0 and str(value)[0] == '-')
    if depth > 20:
        return False
    if kind in (list, tuple):
        return len(value) < 2000 and all(_exact(one, depth + 1) for one in value)
    if kind is dict:
        return '__tuple__' not in value and len(value) < 2000 and all(type(key) is str and _exact(one, depth + 1) for key, one in value.items())
    return False


def _marked(value):
    """Returns the value with each tuple as an object with the one key `__tuple__`, so that a replay can make it again."""
    if type(value) is tuple:
        return {'__tuple__': [_marked(one) for one in value]}
    if type(value) is list:
        return [_marked(one) for one in value]
    return {key: _marked(one) for key, one in value.items()} if type(value) is dict else value


def _text(value, mark=False):
    if not _exact(value):
        return None
    if mark:
        value = _marked(value)
    text = json.dumps(value, separators=(',', ':'))
    return text if len(text) <= MAX_JSON_CHARS else None


class _State:
    def __init__(self, folder):
        self.pid = os.getpid()
        self.group = '%d-%d' % (self.pid, _time.perf_counter_ns())
        self.seq, self.modules = 0, {}
        self.file = os.open(os.path.join(folder, self.group + '.jsonl'), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        main = getattr(sys.modules.get('__main__'), '__file__', None)
        tools = [name for name in list(sys.modules) if name in ('pytest', '_pytest', 'unittest', 'nose', 'doctest', 'hypothesis', 'coverage')]
        self.say({'group': self.group, 'argv': sys.argv[:50], 'execArgv': [], 'cwd': os.getcwd(), 'env': _variables(), 'globals': [], 'main': main,
                  'stack': [], 'modules': tools, 'search': [one for one in sys.path if isinstance(one, str)][:50]})

    def say(self, line):
        try:
            os.write(self.file, (json.dumps(line) + '\n').encode('utf8'))
        except Exception:
            pass


def _state(folder):
    found = sys.modules.get('_q_calls')
    # A forked process writes a record of its own.
    if found is None or found.state.pid != os.getpid():
        found = types.ModuleType('_q_calls')
        found.state = _State(folder)
        sys.modules['_q_calls'] = found
    return found.state


def _variables():
    return {key: value for key, value in os.environ.items() if len(value) < 1000}


def _callers():
    found, frame = [], sys._getframe(2)
    while frame is not None and len(found) < 12:
        if not frame.f_code.co_filename.startswith('<q>') and frame.f_code.co_filename not in found:
            found.append(frame.f_code.co_filename)
        frame = frame.f_back
    return found


def _wrap(function, folder, path, module, instance):
    calls, argument_lists, name = [0], set(), function.__name__

    def begin(args, kwargs):
        try:
            if calls[0] >= MAX_CALLS or _is_clock_set():
                return None
            text = _text([list(args), kwargs], True)
            if text is None or (text not in argument_lists and len(argument_lists) >= MAX_ARGUMENT_LISTS):
                return None
            state = _state(folder)
            calls[0] += 1
            if not argument_lists:
                state.say({'group': state.group, 'stack': _callers(), 'env': _variables()})
            argument_lists.add(text)
            state.seq += 1
            return state, {'group': state.group, 'path': path, 'kind': 'python', 'module': module, 'instance': instance, 'name': name,
                           'n': state.seq, 'args': text}
        except Exception:
            return None

    def end(started, result, error=None):
        try:
            state, line = started
            text = None if error is not None else _text(result)
            answer = 'threw ' + type(error).__name__ if error is not None else None if text is None else 'value ' + text
            if answer is not None:
                state.say(dict(line, answer=answer))
        except Exception:
            pass

    if inspect.iscoroutinefunction(function):
        @functools.wraps(function)
        async def recorded(*args, **kwargs):
            started = begin(args, kwargs)
            if started is None:
                return await function(*args, **kwargs)
            try:
                result = await function(*args, **kwargs)
            except Exception as error:
                end(started, None, error)
                raise
            end(started, result)
            return result
    else:
        @functools.wraps(function)
        def recorded(*args, **kwargs):
            started = begin(args, kwargs)
            if started is None:
                return function(*args, **kwargs)
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                end(started, None, error)
                raise
            end(started, result)
            return result
    return recorded


def record(names, folder, path):
    module = names.get('__name__')
    state = _state(folder)
    instance = state.modules[path] = state.modules.get(path, 0) + 1
    for name, value in list(names.items()):
        if name.startswith('_') or type(value) is not types.FunctionType or value.__module__ != module or value.__name__ != name:
            continue
        # A generator returns no value that can be compared, and a decorated function may depend on its decorator's state.
        if inspect.isgeneratorfunction(value) or inspect.isasyncgenfunction(value) or hasattr(value, '__wrapped__'):
            continue
        names[name] = _wrap(value, folder, path, module, instance)
