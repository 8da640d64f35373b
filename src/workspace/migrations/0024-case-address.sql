-- Address given by whoever opened a case by hand; empty where none was given, null for a case that a response opened.
ALTER TABLE cases ADD COLUMN hand_address TEXT;
