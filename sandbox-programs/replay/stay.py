"""Replays the recorded calls in one long-lived process: many times, in another thread, in parallel, after a garbage collection, with
changed arguments, and with the clock moved by a day. It reports answers that differ from the first one.

Functions whose first answers already differ have state or use random numbers: they are not reported. ask.py executes this text.
"""
import asyncio, gc, math, threading, time

_FIRST_ANSWERS, _MIN_ROUNDS, _MAX_ROUNDS, _FUNCTION_CPU_SECONDS, _DAY_SECONDS = 50, 12, 6000, 0.3, 86400
_ticks, _sleep, _cpu_seconds = time.perf_counter, time.sleep, time.process_time
_shift, _timers, _day = [0], [], threading.Event()


def prepare():
    """Prepares the clock and the timers; must run before the first module of the project loads."""
    move_clock(lambda: _shift[0])
    monotonic, counter, main = time.monotonic, time.perf_counter, threading.main_thread()
    time.monotonic = lambda: monotonic() + _shift[0]
    time.perf_counter = lambda: counter() + _shift[0]
    start = threading.Timer.start

    def start_tracked(self):
        _timers.append(self)
        self.daemon = True
        start(self)

    def sleep(seconds):
        if threading.current_thread() is main or seconds < 0.05:
            return _sleep(seconds)
        _day.wait(seconds)
        _sleep(0.02)
    threading.Timer.start = start_tracked
    time.sleep = sleep


class _Replay:
    """A recorded call with its function and its first answer."""

    def __init__(self, call, function):
        self.call, self.function, self.key, self.is_async = call, function, (call['path'], call['name']), False


def _ask(replay, text=None):
    """Makes the call with its recorded arguments, or with those of `text`; returns the description of its answer."""
    args, kwargs = args_of(replay.call['args'] if text is None else text)
    return _call(replay, args, kwargs)


def _call(replay, args, kwargs):
    try:
        result = replay.function(*args, **kwargs)
        if inspect.iscoroutine(result):
            replay.is_async = True
            result = asyncio.run(asyncio.wait_for(result, 2))
        return answer_of(result)
    except BaseException as error:
        return threw(error)


def _first_rounds(replays, seconds):
    """Makes all calls several times and stores their first answers; returns the functions whose answers differ."""
    calls, unsteady, made, started_at = {}, set(), 0, _ticks()
    for replay in replays:
        calls[replay.key] = calls.get(replay.key, 0) + 1
    rounds = max(_MIN_ROUNDS, math.ceil(_FIRST_ANSWERS / min(calls.values(), default=1)))
    while made < rounds and (made < 3 or _ticks() - started_at < seconds / 3) and _ticks() - started_at < seconds:
        for replay in replays:
            text = _ask(replay)
            if made == 0:
                replay.first = text
            if text != replay.first:
                unsteady.add(replay.key)
        made += 1
    return unsteady


def _independent(replays):
    """Returns the calls whose answer does not depend on calls of other functions."""
    dependent = set()
    for key in {replay.key for replay in replays}:
        for _ in range(2):
            dependent.update(key for replay in replays if replay.key == key and _ask(replay) != replay.first)
    return [replay for replay in replays if replay.key not in dependent]


def _alter(args):
    """Adds an item to the first list among the arguments, or in their first object. Returns False if there is none."""
    lists = [arg for arg in args if type(arg) is list and arg]
    lists += [inner for arg in args if type(arg) is dict for inner in arg.values() if type(inner) is list and inner]
    if lists:
        lists[0].append(lists[0][-1])
    return bool(lists)


def _ask_altered(replay):
    """Adds an item to arguments that the function has already seen. Returns the answer if it differs from that to equal new arguments."""
    args, kwargs = args_of(replay.call['args'])
    before = repr((args, kwargs))
    fresh, fresh_kwargs = args_of(replay.call['args'])
    if not _alter(fresh):
        return None
    _call(replay, args, kwargs)
    if repr((args, kwargs)) != before:
        return None
    _alter(args)
    expected = _call(replay, fresh, fresh_kwargs)
    same = _call(replay, args, kwargs)
    fresh, fresh_kwargs = args_of(replay.call['args'])
    _alter(fresh)
    return same if same != expected and _call(replay, fresh, fresh_kwargs) == expected else None


def _in_parallel(replays):
    """Makes the calls of each asynchronous function in parallel; yields the calls that answer otherwise."""
    async def answered(replay):
        args, kwargs = args_of(replay.call['args'])
        try:
            return answer_of(await asyncio.wait_for(replay.function(*args, **kwargs), 2))
        except BaseException as error:
            return threw(error)

    async def everything(calls):
        return await asyncio.gather(*[answered(replay) for replay in calls])
    for key in {replay.key for replay in replays if replay.is_async}:
        calls = [replay for replay in replays if replay.key == key] * 2
        # If the calls already answer otherwise, calls of other functions are the cause.
        before = all(_ask(replay) == replay.first for replay in calls)
        texts = asyncio.run(everything(calls))
        after = all(_ask(replay) == replay.first for replay in calls)
        for replay, text in zip(calls, texts):
            # A function may refuse parallel calls with an error.
            if before and after and text != replay.first and not text.startswith('threw '):
                yield replay, text


def _in_thread(replays):
    """Makes the calls in another thread; returns the calls that answer otherwise there."""
    found, synchronous = [], [replay for replay in replays if not replay.is_async]
    stable = {replay.key for replay in synchronous} - {replay.key for replay in synchronous if _ask(replay) != replay.first}

    def every():
        for replay in synchronous:
            if replay.key in stable:
                text = _ask(replay)
                # An object of one thread, such as a connection, may refuse with an error; these two mean that thread-local state is missing.
                if text != replay.first and (not text.startswith('threw ') or text in ('threw AttributeError', 'threw NameError')):
                    found.append((replay, text))
    thread = threading.Thread(target=every, daemon=True)
    thread.start()
    thread.join(2)
    later = {replay.key for replay in synchronous if _ask(replay) != replay.first}
    return [(replay, text) for replay, text in found if replay.key not in later]


def _many(replays, reported, seconds, report):
    """Makes the calls in many rounds. Limits are processor time, so the number does not depend on how busy the machine is."""
    max_cpu, deadline = _cpu_seconds() + seconds, _ticks() + 3 * seconds
    for path in {replay.call['path'] for replay in replays}:
        calls = [replay for replay in replays if replay.call['path'] == path]
        keys = {replay.key for replay in calls}
        made, until = 0, min(max_cpu, _cpu_seconds() + _FUNCTION_CPU_SECONDS * len(keys))
        while made < _MAX_ROUNDS and _cpu_seconds() < until and _ticks() < deadline and keys - reported:
            made += 1
            for replay in calls:
                text = _ask(replay)
                if text != replay.first:
                    report(replay, 'many', text, made + _MIN_ROUNDS)


def _a_day_later():
    """Moves the clock by a day and runs the timers that are due within it."""
    _shift[0] = _DAY_SECONDS
    _day.set()
    for timer in sorted(_timers[:200], key=lambda timer: timer.interval):
        if not timer.finished.is_set() and timer.interval <= _DAY_SECONDS:
            timer.cancel()
            try:
                timer.function(*timer.args, **timer.kwargs)
            except BaseException:
                pass
    _sleep(0.03)


def stay(calls, seconds):
    """Runs all trials of the calls; ask.py calls it."""
    replays = [_Replay(call, found) for call, found in ((call, find(call)) for call in calls) if not isinstance(found, str)]
    reported = _first_rounds(replays, seconds)
    for replay in replays:
        say({'n': replay.call['n'], 'trial': 'first', 'at': 0, 'answer': replay.first[:20000]})

    def report(replay, trial, text, at=0):
        if replay.key not in reported:
            reported.add(replay.key)
            say({'n': replay.call['n'], 'trial': trial, 'at': at, 'answer': text[:20000]})

    def every(trial):
        for replay in replays:
            text = _ask(replay)
            if text != replay.first:
                report(replay, trial, text, _FIRST_ANSWERS)
    gc.collect()
    every('collected')
    independent = _independent([replay for replay in replays if replay.key not in reported])
    for replay, text in _in_thread(independent):
        report(replay, 'thread', text)
    for replay, text in _in_parallel(independent):
        report(replay, 'at_once', text)
    # The calls above may have changed state: this round restores it, and its answers are not compared.
    for replay in replays:
        _ask(replay)
    every('many')
    _many(replays, reported, seconds, report)
    _a_day_later()
    every('day_later')
    for replay in independent:
        text = _ask_altered(replay)
        if text is not None:
            report(replay, 'altered', text)
