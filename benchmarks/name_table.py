"""Writes subjects/linking/names.tsv: names of Britain with how many people of a million bear them, roughly.

Surnames: the ranks of the CC0 list of common surnames and of others from memory of public statistics, spread by Zipf's
law to the share that the commonest one has (about 1.2 % of people). Forenames: the commonest of those now alive, ranked
from memory of public statistics and spread likewise; then every forename of the public-domain NameDatabases list as
"known, rare". Give the folder of the lists.
"""

import csv
import sys
from pathlib import Path

from scanner.keys import name_halves

OUT = Path(__file__).parent.parent / "subjects" / "linking" / "names.tsv"
SURNAMES = """
smith jones williams taylor brown davies evans wilson thomas roberts johnson lewis walker robinson wood thompson white
watson jackson wright green harris cooper king lee martin clarke james morgan hughes edwards hill moore clark harrison
scott young morris hall ward turner carter phillips mitchell patel adams campbell anderson allen cook bailey parker
miller davis murphy price bell baker kelly griffiths shaw bennett khan ali hussain begum singh kaur ahmed akhtar shah
mahmood malik iqbal mohammed rahman islam miah hassan hussein abdi chen wang li zhang wong chan nguyen kowalski nowak
popescu simpson marshall collins ellis foster richardson cox chapman mason gray rogers mills knight hunt lloyd butler
holmes barnes russell murray reid stewart robertson ross graham hamilton macdonald mcdonald fraser henderson kennedy
johnston duncan grant ferguson cameron wallace burns owen rees jenkins powell watkins howells pritchard oneill byrne
ryan walsh obrien osullivan kelly doyle mccarthy gallagher doherty kennedy lynch quinn moran adeyemi okafor okonkwo
mensah osei
"""
FORENAMES = """
david john michael paul andrew james robert mark peter richard stephen christopher william thomas daniel matthew simon
anthony ian kevin george brian philip gary jonathan graham alan martin steven joseph neil edward adam nicholas keith
lee ben stuart darren barry roger alexander samuel craig jason colin benjamin timothy trevor sean dean carl joshua
jack derek terence raymond kenneth patrick roy geoffrey charles harry oliver ryan luke gareth jamie scott nigel dennis
dylan mohammed muhammad ali ahmed george frank ronald douglas arthur leslie norman gordon malcolm ross liam callum
connor lewis nathan aaron kieran jordan cameron owen rhys hugh duncan angus gavin iain ewan finlay hamish rory declan
brendan eamonn margaret susan sarah elizabeth mary karen patricia jacqueline helen christine julie jane linda anne
barbara emma claire michelle jennifer lisa sharon catherine joanne angela nicola rebecca laura deborah carol tracey
amanda samantha alison janet sandra rachel victoria jean ann kathleen maureen pauline sheila dorothy joan doreen irene
joyce hannah charlotte jessica emily lucy amy katherine louise kelly donna lesley wendy gillian lorraine diane dawn
hayley natalie gemma stacey kerry zoe heather lauren sophie chloe olivia grace megan bethany holly georgia eleanor
alice ruth judith marie theresa valerie beryl brenda sylvia marion hilary rosemary frances fiona kirsty eilidh siobhan
niamh aoife bronwen carys sian june joan jean jim joe dan danny ron ronnie don donald jan tim tom tony terry ray rob
bob bill ted fred alfred albert ernest arthur eric cyril stanley herbert walter edwin harold percy sid jill gill jenny
jo josie rose rosie lily lilian ivy daisy violet ella ellie evie ava mia isla freya poppy sophia isabella amelia
emilia maisie phoebe imogen tilly matilda florence elsie esme rory leo theo theodore max oscar henry freddie alfie
archie logan mason ethan jacob noah tyler jake toby elliot louis louise sebastian adrian clive colm derrick desmond
duncan edmund geraint gwyn huw ivan jeremy julian justin kirk lance leon marcus marc maurice mervyn miles morgan
neville noel norma oliver owain perry quentin ralph reginald reuben rex robin roland rosalind rupert russell sally sam
sebastian sidney spencer sue tara tessa tina toni una vera veronica vivien wanda wilfred winifred yvonne yvette fatima
aisha priya sunita anita harpreet gurpreet manjit nadia yasmin zainab amina ngozi chioma adebayo oluwaseun kwame
"""


def main(folder: Path) -> None:
    """Write the table."""
    rows: dict[tuple[str, str], float] = {}
    with (folder / "common-surnames-by-country.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["Country"] == "GB":
                rows["surname", _plain(row["Romanized Name"], "surname")] = 12_000 / int(row["Rank"]) ** 0.6
    for rank, name in enumerate(dict.fromkeys(SURNAMES.split()), 1):
        rows.setdefault(("surname", name), 12_000 / rank**0.6)
    for rank, name in enumerate(dict.fromkeys(FORENAMES.split()), 1):
        rows["forename", _plain(name, "given")] = 14_000 / rank**0.35
    for line in (folder / "smashew_first_names_us.txt").read_text("utf-8").splitlines():
        if len(name := _plain(line, "given")) > 2:
            rows.setdefault(("forename", name), 60.0)
    lines = [f"{kind}\t{name}\t{share:.0f}" for (kind, name), share in sorted(rows.items()) if name]
    OUT.write_text(
        "# kind, name, people per million (rough; see benchmarks/name_table.py)\n" + "\n".join(lines) + "\n", "utf-8"
    )
    print(f"{len(lines)} names")


def _plain(name: str, part: str) -> str:
    return "".join(name_halves(name, part))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
