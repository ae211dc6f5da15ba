"""The rows of an invented shop, in SQL that SQLite, PostgreSQL and MariaDB understand."""

SHOP = """
CREATE TABLE customer (id integer PRIMARY KEY, name varchar(80), email varchar(80), phone varchar(30), card varchar(30),
  born date, note text);
INSERT INTO customer VALUES
  (7, 'Ann Lee', 'ann.lee@mail.example', '01632 960123', '4111 1111 1111 1111', '1952-03-12', 'rang on Monday'),
  (9, 'Bob Ray', 'bob@x.example', '01632 960456', '5555 5555 5555 4444', '1987-11-02', 'see carol@y.example'),
  (12, 'Zoë Müller', 'zoe@z.example', '+44 7700 900123', NULL, NULL, 'it''s 50% off; c:\\temp');
CREATE TABLE visit (place varchar(40), contact varchar(80));
INSERT INTO visit VALUES ('Leeds', 'dave@w.example'), ('York', 'erin@v.example');
"""
