-- R16: what stands on the portal alone is projected beside what was pulled, and marked.
ALTER TABLE ticket ADD COLUMN portal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE position ADD COLUMN portal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN portal TEXT; -- what the studio wrote down, where it did
-- `known` of a company is 2 where only lists of the portal name it.

-- The last number of `studio.db`'s that is projected; 0 for none.
ALTER TABLE feed ADD COLUMN portal_revision INTEGER NOT NULL DEFAULT 0;
