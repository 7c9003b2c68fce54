"""Makes the recorded calls in one process that lives long: many times, in another thread, at once, after garbage was collected, with
altered arguments, and a day later. It tells what was answered otherwise than at first.

Functions whose first answers differ from each other have state or draw lots: nothing is told of them. Its text is executed by ask.py.
"""
import asyncio, gc, math, threading, time

_FIRST, _LEAST, _MOST, _FUNCTION, _DAY = 50, 12, 6000, 0.3, 86400
_ticks, _sleep, _work = time.perf_counter, time.sleep, time.process_time
_shift, _timers, _day = [0], [], threading.Event()


def prepare():
    """Before the first module of the project loads."""
    move_clock(lambda: _shift[0])
    monotonic, counter, main = time.monotonic, time.perf_counter, threading.main_thread()
    time.monotonic = lambda: monotonic() + _shift[0]
    time.perf_counter = lambda: counter() + _shift[0]
    start = threading.Timer.start

    def kept(self):
        _timers.append(self)
        self.daemon = True
        start(self)

    def sleep(seconds):
        if threading.current_thread() is main or seconds < 0.05:
            return _sleep(seconds)
        _day.wait(seconds)
        _sleep(0.02)
    threading.Timer.start = kept
    time.sleep = sleep


class _One:
    def __init__(self, call, function):
        self.call, self.function, self.key, self.is_async = call, function, (call['path'], call['name']), False


def _ask(one, text=None):
    args, kwargs = args_of(one.call['args'] if text is None else text)
    return _with(one, args, kwargs)


def _with(one, args, kwargs):
    try:
        result = one.function(*args, **kwargs)
        if inspect.iscoroutine(result):
            one.is_async = True
            result = asyncio.run(asyncio.wait_for(result, 2))
        return answer_of(result)
    except BaseException as error:
        return threw(error)


def _first_rounds(ones, seconds):
    calls, unsteady, made, began = {}, set(), 0, _ticks()
    for one in ones:
        calls[one.key] = calls.get(one.key, 0) + 1
    rounds = max(_LEAST, math.ceil(_FIRST / min(calls.values(), default=1)))
    while made < rounds and (made < 3 or _ticks() - began < seconds / 3) and _ticks() - began < seconds:
        for one in ones:
            text = _ask(one)
            if made == 0:
                one.first = text
            if text != one.first:
                unsteady.add(one.key)
        made += 1
    return unsteady


def _free(ones):
    bound = set()
    for key in {one.key for one in ones}:
        for _ in range(2):
            bound.update(key for one in ones if one.key == key and _ask(one) != one.first)
    return [one for one in ones if one.key not in bound]


def _alter(args):
    lists = [one for one in args if type(one) is list and one]
    lists += [inner for one in args if type(one) is dict for inner in one.values() if type(inner) is list and inner]
    if lists:
        lists[0].append(lists[0][-1])
    return bool(lists)


def _altered(one):
    args, kwargs = args_of(one.call['args'])
    before = repr((args, kwargs))
    fresh, fresh_kwargs = args_of(one.call['args'])
    if not _alter(fresh):
        return None
    _with(one, args, kwargs)
    if repr((args, kwargs)) != before:
        return None
    _alter(args)
    right = _with(one, fresh, fresh_kwargs)
    same = _with(one, args, kwargs)
    fresh, fresh_kwargs = args_of(one.call['args'])
    _alter(fresh)
    return same if same != right and _with(one, fresh, fresh_kwargs) == right else None


def _at_once(ones):
    async def answered(one):
        args, kwargs = args_of(one.call['args'])
        try:
            return answer_of(await asyncio.wait_for(one.function(*args, **kwargs), 2))
        except BaseException as error:
            return threw(error)

    async def everything(calls):
        return await asyncio.gather(*[answered(one) for one in calls])
    for key in {one.key for one in ones if one.is_async}:
        calls = [one for one in ones if one.key == key] * 2
        # What the calls of other functions have left must not explain it.
        before = all(_ask(one) == one.first for one in calls)
        texts = asyncio.run(everything(calls))
        after = all(_ask(one) == one.first for one in calls)
        for one, text in zip(calls, texts):
            # One that refuses while it is busy says so.
            if before and after and text != one.first and not text.startswith('threw '):
                yield one, text


def _in_thread(ones):
    found, plain = [], [one for one in ones if not one.is_async]
    usual = {one.key for one in plain} - {one.key for one in plain if _ask(one) != one.first}

    def every():
        for one in plain:
            if one.key in usual:
                text = _ask(one)
                # What belongs to a thread honestly, such as a connection, says so.
                if text != one.first and (not text.startswith('threw ') or text in ('threw AttributeError', 'threw NameError')):
                    found.append((one, text))
    thread = threading.Thread(target=every, daemon=True)
    thread.start()
    thread.join(2)
    later = {one.key for one in plain if _ask(one) != one.first}
    return [(one, text) for one, text in found if one.key not in later]


def _many(ones, told, seconds, tell):
    """By the time that the process itself had: a machine that is busy makes no fewer calls."""
    work, clock = _work() + seconds, _ticks() + 3 * seconds
    for path in {one.call['path'] for one in ones}:
        calls = [one for one in ones if one.call['path'] == path]
        keys = {one.key for one in calls}
        made, until = 0, min(work, _work() + _FUNCTION * len(keys))
        while made < _MOST and _work() < until and _ticks() < clock and keys - told:
            made += 1
            for one in calls:
                text = _ask(one)
                if text != one.first:
                    tell(one, 'many', text, made + _LEAST)


def _a_day_later():
    _shift[0] = _DAY
    _day.set()
    for timer in sorted(_timers[:200], key=lambda timer: timer.interval):
        if not timer.finished.is_set() and timer.interval <= _DAY:
            timer.cancel()
            try:
                timer.function(*timer.args, **timer.kwargs)
            except BaseException:
                pass
    _sleep(0.03)


def stay(calls, seconds):
    ones = [_One(call, found) for call, found in ((call, find(call)) for call in calls) if not isinstance(found, str)]
    told = _first_rounds(ones, seconds)
    for one in ones:
        say({'n': one.call['n'], 'trial': 'first', 'at': 0, 'answer': one.first[:20000]})

    def tell(one, trial, text, at=0):
        if one.key not in told:
            told.add(one.key)
            say({'n': one.call['n'], 'trial': trial, 'at': at, 'answer': text[:20000]})

    def every(trial):
        for one in ones:
            text = _ask(one)
            if text != one.first:
                tell(one, trial, text, _FIRST)
    gc.collect()
    every('collected')
    free = _free([one for one in ones if one.key not in told])
    for one, text in _in_thread(free):
        tell(one, 'thread', text)
    for one, text in _at_once(free):
        tell(one, 'at_once', text)
    # The first of two rounds makes again what the calls before it had changed.
    for one in ones:
        _ask(one)
    every('many')
    _many(ones, told, seconds, tell)
    _a_day_later()
    every('day_later')
    for one in free:
        text = _altered(one)
        if text is not None:
            tell(one, 'altered', text)
