"""Batches in, events out, one item after the other in this very process: no containment, safe in any script."""

from collections.abc import Iterable, Iterator

from detectors.registry import load_detectors
from scanner.batches import Batch
from scanner.executors import BatchDone, Entered, Event, Job, Told
from scanner.messages import Retry
from scanner.pipeline import ItemScanner
from scanner.plan import PlanError
from scanner.sandbox import IN_PROCESS, state


def run(job: Job, batches: Iterable[Batch]) -> Iterator[Event]:
    """Scan every item of every batch in order."""
    try:
        scanner = ItemScanner(job.plan, job.key, load_detectors(job.plan.detectors), job.passwords, job.credentials)
    except (ValueError, ImportError) as error:
        raise PlanError(str(error)) from error
    yield Entered(state([IN_PROCESS]))
    for batch in batches:
        position, resume = batch.begun()
        for top, item in batch.items[position:]:
            for message in scanner.scan(top, item, Retry(resume=resume)):
                yield Told(batch.signature, top, message)
            resume = None
        yield BatchDone(batch.signature)
