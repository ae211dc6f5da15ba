#!/bin/sh
# "Send me my data, then delete it": one request from the scan to the proof, on a copy of the sample share.
# Usage: sample_data/story.sh FOLDER   (the folder is made; nothing outside it is changed)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1"
export WHOSEDATA_HOME="$PWD/home"
export WHOSEDATA_PACK_PASSPHRASE="four words of story"     # in life it is asked for
cp -R "$here/share" share
cat > whosedata.toml <<TOML
[controller]
name = "Wren Valley Family Support"
contact = "Data protection, 3 Mill Street, Wrenford"
purposes = "To support families, and to thank those who give."
retention = "Seven years after the last contact, as the law of accounts asks."
transfers = "None outside the United Kingdom."
automated_decisions = "none"
automated_decisions_checked = "1 September 2026"
[[recipients]]
name = "Quickpost Mailings"
contact = "data@quickpost.example"
what = "name and address, for letters"
TOML
# Exit code 3 says "done, but something is left to look at"; anything else ends the story.
play() {
    echo
    echo "\$ $*"
    "$@" || { code=$?; [ $code -eq 3 ] || exit $code; }
}

# 1. What is where, and whose is it?
play scan share --out report.parquet --quiet
play whosedata find report.parquet --name "Margaret Tolliver" --email peggy.tolliver@example.org --dob 12/03/1952

# 2. The request: two cases, access first. Erasing before the answer is refused.
play whosedata case new --right access --right erasure --name "Margaret Tolliver" \
    --email peggy.tolliver@example.org --dob 12/03/1952 --channel letter
first=$(whosedata cases --all --format csv | sed -n 2p | cut -d, -f1)
second=$(whosedata cases --all --format csv | sed -n 3p | cut -d, -f1)
play whosedata case event "$second" identity-confirmed --say method="rang her on the number we know"
play whosedata case event "$first" identity-confirmed --say method="rang her on the number we know"

# 3. Review: certain is accepted at once, the rest line by line.
play whosedata access "$first" report.parquet --review sheet.csv --accept-certain
play python3 "$here/decide.py" sheet.csv

# 4. The pack: everybody else is taken out, it is scanned again, and it is encrypted.
play whosedata access "$first" report.parquet --decisions sheet.csv --out answer --zip answer.zip --config whosedata.toml
play whosedata case event "$first" sent --say how="to her own mailbox, passphrase by telephone"
play whosedata case close "$first" --outcome responded

# 5. Erasure: what the law wants kept is kept with its reason; the rest goes.
play whosedata erase review "$second" report.parquet --out erase.csv --accept-certain
play python3 "$here/decide.py" erase.csv "share/donors/*=exempt K-LAW Gift Aid and accounts, six years"
play whosedata erase plan "$second" report.parquet --decisions erase.csv --out plan.json
play whosedata erase apply plan.json --confirm --out certificate.html

# 6. Those who had the data from us are told (Article 19).
play whosedata letter "$second" notices --config whosedata.toml --out letters

# 7. The proof: a new scan knows her where the law wants it, and nowhere else that could be changed.
play scan share --out after.parquet --quiet
play whosedata find after.parquet --name "Margaret Tolliver" --email peggy.tolliver@example.org --dob 12/03/1952
play whosedata case show "$second"
play whosedata cases
