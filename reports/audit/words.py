"""The words of a report go in, what an office manager reads in their place comes out."""

CATEGORIES = {
    "identity": "names and dates of birth",
    "contact": "contact details",
    "financial": "bank and payment details",
    "government_id": "official numbers (NI, NHS, passport)",
    "special_category": "special category data",
    "criminal": "criminal offence data",
    "child": "children's data",
    "online": "online identifiers",
    "credential": "passwords and keys",
    "preference": "preferences and interests",
    "location": "places, such as of photographs",
    "other": "other personal data",
}
GRAVE = frozenset({"special_category", "criminal", "child", "card", "credential"})
CHILD, CARD = "child", "card"  # columns of the store table that are no categories of a finding
CARD_WORDS = "payment cards"
# What every mail and every contact list holds: no reason by itself to call a mailbox the wrong place for it.
EVERYDAY = frozenset({"identity", "contact", "online", "preference", "other"})
