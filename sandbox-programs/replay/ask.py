"""Replays recorded calls in a process of its own, and writes the answers to the file descriptor that is its last argument.

The calls and the setting of the process (folder, arguments, variables, the runner's modules, clock, network interfaces) come by
standard input. The setting is applied before the first module of the project loads.
"""
import asyncio, importlib, inspect, json, os, signal, socket, sys, time, types

_write, _exit, _dumps, _loads = os.write, os._exit, json.dumps, json.loads
channel = int(sys.argv[-1])
asked = _loads(sys.stdin.buffer.read().decode('utf8'))


def say(line):
    """Writes a line to the worker."""
    data = (_dumps(line) + '\n').encode('utf8')
    while data:
        data = data[_write(channel, data):]


def move_clock(by):
    """Moves all clocks of the process; `by` returns the number of seconds."""
    import datetime, time
    now, now_ns, local, universal, text = time.time, time.time_ns, time.localtime, time.gmtime, time.strftime
    time.time = lambda: now() + by()
    time.time_ns = lambda: now_ns() + int(by() * 1000000000)
    time.localtime = lambda seconds=None: local(now() + by() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: universal(now() + by() if seconds is None else seconds)
    time.strftime = lambda form, when=None: text(form, time.localtime() if when is None else when)
    real, real_date = datetime.datetime, datetime.date

    class Moved(type):
        def __instancecheck__(cls, one):
            return isinstance(one, cls.__mro__[1])

    class MovedDatetime(real, metaclass=Moved):
        @classmethod
        def now(cls, tz=None):
            return real.now(tz) + datetime.timedelta(seconds=by())

        @classmethod
        def utcnow(cls):
            return real.fromtimestamp(now() + by(), datetime.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.now()

    class MovedDate(real_date, metaclass=Moved):
        @classmethod
        def today(cls):
            return real_date.fromtimestamp(now() + by())

    for moved, name in ((MovedDatetime, 'datetime'), (MovedDate, 'date')):
        moved.__name__ = moved.__qualname__ = name
        moved.__module__ = 'datetime'
        setattr(datetime, name, moved)


def set_interfaces(kind):
    import socket
    socket.if_nameindex = lambda: [] if kind == 'none' else [(1, 'lo'), (2, 'eth0')]


def apply_setting():
    """Applies the setting to this process."""
    for name in list(os.environ):
        if name not in asked['keeps']:
            del os.environ[name]
    os.environ.update(asked['env'])
    if 'TZ' in asked['env']:
        time.tzset()
    os.chdir(asked['cwd'])
    sys.argv = list(asked['argv'])
    sys.orig_argv = ['python3'] + sys.argv
    sys.path[0] = asked['search'][0] if asked['search'] else asked['cwd']
    sys.path[1:1] = [one for one in asked['search'][1:] if one not in sys.path]
    for name in asked['modules']:
        try:
            importlib.import_module(name)
        except BaseException:
            sys.modules[name] = types.ModuleType(name)
    if asked['shiftMs']:
        move_clock(lambda: asked['shiftMs'] / 1000)
    if asked['interfaces'] != 'real':
        set_interfaces(asked['interfaces'])
    main = types.ModuleType('__main__')
    main.__file__ = asked['main'] or (asked['argv'] or [''])[0]
    sys.modules['__main__'] = main


def answer_of(value):
    """Describes an answer: its JSON, or only its type if JSON cannot hold it."""
    try:
        return 'value ' + _dumps(value, separators=(',', ':'))
    except Exception:
        return 'other ' + type(value).__name__


def threw(error):
    return 'threw ' + type(error).__name__


def call_through_stack(make):
    """Makes a call through functions with the file names of the recorded call stack."""
    for name in asked['stack']:
        caller = eval(compile('lambda after: lambda: after()', name, 'eval'))
        make = caller(make)
    return make()


def args_of(text):
    """Parses arguments. An object with the one key `__tuple__` is a tuple; see record.py."""
    return _loads(text, object_hook=lambda one: tuple(one['__tuple__']) if list(one) == ['__tuple__'] else one)


def find(call):
    """Finds the function of a call; returns the reason as a text if there is none."""
    try:
        module = importlib.import_module(call['module'])
    except BaseException as error:
        return 'unloaded ' + type(error).__name__
    place = os.path.realpath(getattr(module, '__file__', None) or '')
    if place != os.path.realpath(os.path.join(asked['root'], call['path'])):
        return 'unloaded elsewhere'
    function = getattr(module, call['name'], None)
    return function if callable(function) else 'other missing'


def answer(call):
    function = find(call)
    if isinstance(function, str):
        return function
    args, kwargs = args_of(call['args'])
    try:
        result = call_through_stack(lambda: function(*args, **kwargs))
        if inspect.iscoroutine(result):
            result = asyncio.run(asyncio.wait_for(result, 2))
        return answer_of(result)
    except BaseException as error:
        return threw(error)


def load_others():
    """Loads other modules of the project, which may change what the calls find. Modules that start a server get an error."""
    def refuse(*_):
        raise OSError('refused')
    if asked['loads']:
        socket.socket.listen = socket.socket.bind = refuse
        signal.signal(signal.SIGALRM, refuse)
        signal.setitimer(signal.ITIMER_REAL, 1)
    for path in asked['loads']:
        place = os.path.join(asked['root'], path)
        roots = [one for one in sys.path if one and place.startswith(one.rstrip('/') + '/')]
        name = place[len(max(roots, key=len).rstrip('/')) + 1:-3].replace('/', '.') if roots else ''
        names = {name} | {call['module'].rpartition('.')[0] + '.' + os.path.basename(path)[:-3] for call in asked['calls']
                          if '.' in call['module'] and os.path.dirname(call['path']) == os.path.dirname(path)}
        for one in sorted(names, key=len)[-1:]:
            try:
                importlib.import_module(one)
            except BaseException:
                pass
    if asked['loads']:
        signal.setitimer(signal.ITIMER_REAL, 0)


apply_setting()
if asked['trialMs']:
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'stay.py')) as _text:
        exec(compile(_text.read(), '<q>', 'exec'), globals())
    prepare()
    stay(asked['calls'], asked['trialMs'] / 1000)
    asked['calls'] = []
load_others()
for call in asked['calls']:
    say({'n': call['n'], 'answer': answer(call)[:20000]})
say({'end': len(asked['calls'])})
_exit(0)
