-- A row of a file that was imported: the delivery with the file, and the line on which it begins.
ALTER TABLE deliveries ADD COLUMN part_of TEXT;
ALTER TABLE deliveries ADD COLUMN line INTEGER;
