"""Where work runs: in this process, or in a pool of processes with limits.

One task that hangs, dies or eats memory costs itself and nobody else: its outcome is an
exception, and the pool goes on.
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as Expired
from multiprocessing.context import ForkServerContext
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline import fonts
from pipeline.errors import JuanzongError, ToolError

Task = TypeVar("Task")
Result = TypeVar("Result")

MEMORY = 4 << 30
"""Address space of a worker, bytes: a template that multiplies a string stops here."""
_AHEAD = 4
"""Tasks handed out for each worker, so that it never waits for the next."""
TASKS_PER_WORKER = 400
"""A worker is replaced after this many tasks, so that memory stays flat."""


def spread(
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    jobs: int,
    seconds: float,
) -> Iterator[tuple[Task, Result | JuanzongError]]:
    """Run `work` on every task in `jobs` processes and yield each task with its outcome, in order.

    `work` must be a module-level function; tasks and results cross a process boundary. A task
    that runs longer than `seconds`, dies or raises yields a `JuanzongError` instead of a result.
    Tasks are asked for as they are needed, a few ahead: what they hold needn't be held all at once.
    """
    fonts.use_closed_set()  # workers and what they start inherit it
    with ProcessPool(
        max_workers=jobs, max_tasks=TASKS_PER_WORKER, initializer=_limit, context=_context(work)
    ) as pool:
        waiting: deque[tuple[Task, ProcessFuture[Result]]] = deque()
        for task in tasks:
            waiting.append((task, pool.schedule(work, args=(task,), timeout=seconds)))
            if len(waiting) >= jobs * _AHEAD:
                first, future = waiting.popleft()
                outcome = _outcome(future, seconds)
                yield first, outcome
        for task, future in waiting:
            outcome = _outcome(future, seconds)
            yield task, outcome


def _outcome(future: ProcessFuture[Result], seconds: float) -> Result | JuanzongError:
    """Wait for a task and return its result, or the error that it ended in."""
    try:
        return future.result()
    except JuanzongError as error:
        return error
    except Expired:
        return ToolError(f"超过 {seconds:.0f} 秒未完成，已终止")
    except ProcessExpired as error:
        return ToolError(f"工作进程意外结束（代码 {error.exitcode}）")
    except MemoryError:
        return ToolError("内存超过上限，已终止")
    except Exception as error:  # a fault of one task must not stop the batch
        return ToolError(f"{type(error).__name__}：{error}")


def _context(work: Callable[[Task], Result]) -> ForkServerContext:
    """Return a context whose workers are forked from a server that has imported the work.

    Not from this process: they would inherit its locks and hold them after it let go.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    return context


def batches(things: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """Yield the things in lists of at most `size`, as they come."""
    batch: list[Task] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()  # what was imported stays; a layout's many short-lived boxes need no early sweep
    gc.set_threshold(50_000, 20, 20)
