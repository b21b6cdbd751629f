-- One council's records. Times are RFC 3339 in UTC with nine decimals: exact,
-- in order as text, and readable with any SQLite tool.

CREATE TABLE migrations (
	number   INTEGER PRIMARY KEY,
	name     TEXT NOT NULL,
	checksum TEXT NOT NULL
) STRICT;

-- The feed. There is one writer, so positions appear in order.
CREATE TABLE records (
	position INTEGER PRIMARY KEY,
	stream   TEXT    NOT NULL,
	version  INTEGER NOT NULL,
	type     TEXT    NOT NULL,
	data     BLOB    NOT NULL,
	at       TEXT    NOT NULL,
	actor    TEXT    NOT NULL,
	command  TEXT    NOT NULL,
	digest   TEXT    NOT NULL,
	UNIQUE (stream, version)
) STRICT;

CREATE TRIGGER records_are_never_changed BEFORE UPDATE ON records
BEGIN SELECT raise(ABORT, 'records are never changed'); END;

CREATE TRIGGER records_are_never_deleted BEFORE DELETE ON records
BEGIN SELECT raise(ABORT, 'records are never deleted'); END;

-- Every command that was committed, with its receipt.
CREATE TABLE commands (
	command  TEXT PRIMARY KEY,
	digest   TEXT    NOT NULL,
	stream   TEXT    NOT NULL,
	version  INTEGER NOT NULL,
	position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE wakes (
	stream TEXT NOT NULL,
	id     TEXT NOT NULL,
	at     TEXT NOT NULL,
	PRIMARY KEY (stream, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX wakes_by_time ON wakes (at, stream, id);

-- Notices stay when they are delivered: that they were is part of the record.
CREATE TABLE notices (
	sequence    INTEGER PRIMARY KEY,
	id          TEXT    NOT NULL UNIQUE,
	stream      TEXT    NOT NULL,
	topic       TEXT    NOT NULL,
	role        TEXT    NOT NULL,
	person      TEXT    NOT NULL,
	why         TEXT    NOT NULL,
	case_number TEXT    NOT NULL,
	critical    INTEGER NOT NULL CHECK (critical IN (0, 1)),
	subject     TEXT    NOT NULL,
	body        TEXT    NOT NULL,
	at          TEXT    NOT NULL,
	attempts    INTEGER NOT NULL DEFAULT 0,
	state       TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'parked', 'delivered')),
	retry       TEXT    NOT NULL DEFAULT '', -- the next attempt; '' is at once
	cause       TEXT    NOT NULL DEFAULT ''  -- of the last failure, or of parking
) STRICT;

CREATE INDEX notices_pending ON notices (sequence, retry) WHERE state = 'pending';
CREATE INDEX notices_parked ON notices (sequence) WHERE state = 'parked';

CREATE TABLE documents (
	digest TEXT PRIMARY KEY,
	data   BLOB NOT NULL
) STRICT;
