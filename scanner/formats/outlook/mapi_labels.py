"""Numbers of MAPI properties (MS-OXPROPS) and what their values are called: those in which people stand."""

# Message.
CLASS, SUBJECT, CODE_PAGE, INTERNET_PAGE = 0x001A, 0x0037, 0x3FFD, 0x3FDE
HEADERS, BODY, HTML, RTF = 0x007D, 0x1000, 0x1013, 0x1009
SUBMITTED, DELIVERED, CREATED = 0x0039, 0x0E06, 0x3007
MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x1035, 0x1039, 0x1042
CONVERSATION, TOPIC, PLAIN_SUBJECT = 0x0071, 0x0070, 0x0E1D
# Who: (label, role, name, kind of address, address, SMTP address).
PEOPLE = (
    ("From", "from", 0x0042, 0x0064, 0x0065, 0x5D02),
    ("Sender", "sender", 0x0C1A, 0x0C1E, 0x0C1F, 0x5D01),
    ("Delivered-To", "to", 0x0040, 0x0075, 0x0076, 0x5D07),
    ("Delivered-To", "to", 0x0044, 0x0077, 0x0078, 0x5D08),
    ("Reply-To", "reply_to", 0x0050, 0, 0, 0),
    ("Last-Modifier", "author", 0x3FFA, 0, 0, 0),
    ("Creator", "author", 0x3FF8, 0, 0, 0),
)
# Lists of names, said again by the table of recipients where there is one.
LISTS = ((0x0E04, "To", "to"), (0x0E03, "Cc", "cc"), (0x0E02, "Bcc", "bcc"))
REPLY_ENTRIES = 0x004F
# A recipient, an attachment.
RECIPIENT_TYPE, DISPLAY_NAME, ADDRESS_TYPE, ADDRESS, SMTP_ADDRESS, ORIGINAL_ADDRESS = (
    0x0C15, 0x3001, 0x3002, 0x3003, 0x39FE, 0x403E,
)  # fmt: skip
RECIPIENTS = {0: ("From", "from"), 1: ("To", "to"), 2: ("Cc", "cc"), 3: ("Bcc", "bcc")}
DATA, METHOD, EXTENSION, LONG_NAME, SHORT_NAME, MIME_TYPE = 0x3701, 0x3705, 0x3703, 0x3707, 0x3704, 0x370E
EMBEDDED_MESSAGE, OLE_OBJECT, BY_REFERENCE, LONG_PATH, SHORT_PATH = 5, 6, {2, 3, 4, 7}, 0x370D, 0x3708

# Of a contact, and of any item that has them.
FIELDS = {
    0x3A05: "Generation", 0x3A06: "First name", 0x3A11: "Surname", 0x3A44: "Middle name", 0x3A45: "Title",
    0x3A4F: "Nickname", 0x3A4C: "Customer number", 0x3A4D: "Sex",
    0x3A08: "Business telephone", 0x3A09: "Home telephone", 0x3A1B: "Business telephone", 0x3A1C: "Mobile telephone",
    0x3A1D: "Radio telephone", 0x3A1E: "Car telephone", 0x3A1F: "Other telephone", 0x3A1A: "Primary telephone",
    0x3A02: "Callback telephone", 0x3A21: "Pager telephone", 0x3A23: "Fax", 0x3A24: "Business fax", 0x3A25: "Home fax",
    0x3A2D: "ISDN telephone", 0x3A2E: "Assistant telephone", 0x3A2F: "Home telephone", 0x3A57: "Company telephone",
    0x3A4A: "TTY telephone", 0x3A2C: "Telex",
    0x3A16: "Company", 0x3A17: "Job title", 0x3A18: "Department", 0x3A19: "Office", 0x3A46: "Profession",
    0x3A07: "Government id", 0x3A0C: "Language", 0x3A0D: "Location", 0x3A10: "Organisational id",
    0x3A15: "Postal address", 0x3A26: "Country", 0x3A27: "Town", 0x3A28: "County", 0x3A29: "Street", 0x3A2A: "Postcode",
    0x3A2B: "Post box", 0x3A59: "Home town", 0x3A5A: "Home country", 0x3A5B: "Home postcode", 0x3A5C: "Home county",
    0x3A5D: "Home street", 0x3A5E: "Home post box", 0x3A5F: "Other town", 0x3A60: "Other country",
    0x3A61: "Other postcode", 0x3A62: "Other county", 0x3A63: "Other street", 0x3A64: "Other post box",
    0x3A30: "Assistant", 0x3A48: "Spouse", 0x3A4E: "Manager", 0x3A58: "Children", 0x3A0A: "Initials",
    0x3A42: "Date of birth", 0x3A41: "Anniversary", 0x3A43: "Hobbies", 0x3A47: "Preferred name",
    0x3A50: "Web page", 0x3A51: "Web page", 0x3A4B: "FTP site", 0x3A49: "Computer",
    0x3004: "Comment", 0x6800: "Phone book",
}  # fmt: skip
# Named properties: numbers of the sets of addresses, appointments, tasks, logs, and of all items.
NAMED = {
    0x8005: "File under", 0x801A: "Home address", 0x801B: "Work address", 0x801C: "Other address",
    0x8045: "Work street", 0x8046: "Work town", 0x8047: "Work county", 0x8048: "Work postcode", 0x8049: "Work country",
    0x804A: "Work post box", 0x8062: "Messaging", 0x802C: "Reading of first name", 0x802D: "Reading of surname",
    0x804F: "User field 1", 0x8050: "User field 2", 0x8051: "User field 3", 0x8052: "User field 4",
    0x8053: "Distribution list", 0x80D8: "Web page", 0x802B: "Web page",
    0x8080: "Email display name", 0x8083: "Email address", 0x8084: "Email", 0x8090: "Email display name",
    0x8093: "Email address", 0x8094: "Email", 0x80A0: "Email display name", 0x80A3: "Email address", 0x80A4: "Email",
    0x80B2: "Fax number", 0x80B3: "Fax number", 0x80C2: "Fax number", 0x80C3: "Fax number", 0x80D2: "Fax number",
    0x80D3: "Fax number", 0x80DE: "Date of birth", 0x80DF: "Anniversary",
    0x8208: "Location", 0x8238: "Attendees", 0x823B: "Attendees", 0x823C: "Attendees", 0x8224: "Replied by",
    0x8230: "Replied by", 0x8248: "Net show address", 0x8243: "Organizer", 0x8249: "Document",
    0x811F: "Task owner", 0x8121: "Task delegator", 0x8122: "Task last user", 0x8103: "Task note",
    0x8700: "Log type", 0x8712: "Log type",
    0x8539: "Companies", 0x853A: "Contacts", 0x8534: "Mileage", 0x8535: "Billing", 0x8586: "Contact name",
    0x8589: "Contact", 0x858A: "Contact name", 0x85A0: "Flagged to", 0x8584: "Header",
}  # fmt: skip
LIST_MEMBERS = (0x8054, 0x8055)
CONTACT_CLASSES = ("IPM.CONTACT", "IPM.DISTLIST")
