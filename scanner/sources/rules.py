"""Lines in gitignore syntax go in, the decision what of a place is left out comes out."""

import re
from dataclasses import dataclass

from pathspec import GitIgnoreSpec

from scanner.plan import Plan, PlanError

MAX_STARS = 4
_ODD = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rules:
    """The ignore rules that hold in one folder: (folder depth in steps, spec), outermost first."""

    layers: tuple[tuple[int, GitIgnoreSpec], ...]
    include: GitIgnoreSpec | None

    def excludes(self, steps: tuple[str, ...], is_folder: bool) -> bool:
        """The last rule that matches decides, as git does; with --include a file must match it as well."""
        # Some engines that pathspec uses, where they are installed, take no characters that stand for odd bytes.
        steps = tuple(_ODD.sub("\ufffd", step) for step in steps)
        excluded = False
        for depth, spec in self.layers:
            path = "/".join(steps[depth:]) + ("/" if is_folder else "")
            verdict = spec.check_file(path).include
            excluded = excluded if verdict is None else verdict
        if not excluded and self.include is not None and not is_folder:
            return not self.include.match_file("/".join(steps))
        return excluded

    def with_file(self, depth: int, lines: list[str]) -> "Rules":
        """The rules together with those of a rule file so many folders deep: lines that can be obeyed, the rest not."""
        return Rules((*self.layers, (depth, _spec(tuple(filter(_can_be_obeyed, lines))))), self.include)


def rules_of(plan: Plan) -> Rules:
    """The rules of --include and --exclude; raises PlanError where they cannot be understood."""
    return Rules(((0, _spec(plan.exclude)),), _spec(plan.include) if plan.include else None)


def _spec(lines: tuple[str, ...]) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error) as error:
        raise PlanError(f"A pattern of --include or --exclude cannot be understood: {error}") from error


def _can_be_obeyed(line: str) -> bool:
    """A line of a rule file, which anybody may have put there: it must neither end the scan nor keep it for ever.

    Matching takes time that grows with a power of the stars in one step of a path.
    """
    if max(step.replace("**", "*").count("*") for step in line.split("/")) > MAX_STARS:
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
