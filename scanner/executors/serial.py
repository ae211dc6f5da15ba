"""Batches in, events out, one item after the other in this very process: no containment, safe in any script."""

from collections.abc import Iterable, Iterator

from detectors.registry import load_detectors
from scanner.batches import Batch
from scanner.executors import BatchDone, Event, Job, Told
from scanner.pipeline import ItemScanner
from scanner.plan import PlanError


def run(job: Job, batches: Iterable[Batch]) -> Iterator[Event]:
    """Scan every item of every batch in order."""
    try:
        scanner = ItemScanner(job.plan, job.key, load_detectors(job.plan.detectors), job.passwords)
    except (ValueError, ImportError) as error:
        raise PlanError(str(error)) from error
    for batch in batches:
        for top, item in batch.items:
            for message in scanner.scan(top, item):
                yield Told(batch.signature, top, message)
        yield BatchDone(batch.signature)
