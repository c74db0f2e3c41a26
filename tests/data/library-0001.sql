PRAGMA application_id = 0x4D524754;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE annotation (
	id VARCHAR(32) NOT NULL, 
	document VARCHAR(32) NOT NULL, 
	revision VARCHAR(32) NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	exact TEXT NOT NULL, 
	prefix TEXT NOT NULL, 
	suffix TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	colour VARCHAR(16) NOT NULL, 
	style VARCHAR(16) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	note TEXT NOT NULL, 
	private BOOLEAN NOT NULL, 
	done BOOLEAN NOT NULL, 
	author TEXT NOT NULL, 
	parent VARCHAR(32), 
	created DATETIME NOT NULL, 
	modified DATETIME NOT NULL, 
	deleted DATETIME, 
	CONSTRAINT pk_annotation PRIMARY KEY (id), 
	CONSTRAINT ck_annotation_span CHECK (start >= 0 AND "end" >= start), 
	CONSTRAINT fk_annotation_document FOREIGN KEY(document) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_annotation_revision FOREIGN KEY(revision) REFERENCES revision (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_annotation_parent FOREIGN KEY(parent) REFERENCES annotation (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "annotation" VALUES('d5361986970b4c2d9421df608c8c9408','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',14,25,'Oil and gas','Rail corridor
',' draw money from Europe.
a	b
c	d
A map
Courts 🛤 and civil society matter too: Қазақстан, café.','placed','yellow','highlight','question','Who *pays*? 🛢',0,0,'A. Novak',NULL,'2026-11-24 14:04:04.089000','2026-11-24 14:04:04.090000',NULL);
INSERT INTO "annotation" VALUES('8640f9a155d8464598b067667e008483','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',14,25,'Oil and gas','Rail corridor
',' draw money from Europe.
a	b
c	d
A map
Courts 🛤 and civil society matter too: Қазақстан, café.','placed','yellow','highlight','note','The fund.',0,0,'B','d5361986970b4c2d9421df608c8c9408','2026-11-24 14:04:04.099000','2026-11-24 14:04:04.100000',NULL);
INSERT INTO "annotation" VALUES('618ef1515ba343ceaf0d6659f2d4c89e','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',0,4,'Rail','',' corridor
Oil and gas draw money from Europe.
a	b
c	d
A map
Courts 🛤 and civil society matter too: Қазақстан, café.','placed','blue','underline','note','',1,0,'',NULL,'2026-11-24 14:04:04.103000','2026-11-24 14:04:04.103000',NULL);
INSERT INTO "annotation" VALUES('4654eb44500141908f2a770d56b3b850','1234abcd1234abcd1234abcd1234abcd','3f29dbb2ccee477380a73236fb4e4513',4,11,'Caspian','The ',' falls.','placed','yellow','highlight','action','Ask.',0,1,'',NULL,'2026-11-24 14:04:04.107000','2026-11-24 14:04:04.109000',NULL);
INSERT INTO "annotation" VALUES('3c64922a757440498b5a3051c657064f','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',31,40,'money fro','Rail corridor
Oil and gas draw ','m Europe.
a	b
c	d
A map
Courts 🛤 and civil society matter too: Қазақстан, café.','placed','yellow','highlight','note','In the bin',0,0,'',NULL,'2026-11-24 14:04:04.119000','2026-11-24 14:04:04.123000','2026-11-24 14:04:04.123000');
INSERT INTO "annotation" VALUES('0e5296cfb5cb405b81ccac31f85f66fa','00001111000011110000111100001111','6ad78039e72244439935eeb18b8edb0c',0,6,'Nobody','',' reads this.','placed','yellow','highlight','note','On a deleted brief',0,0,'',NULL,'2026-11-24 14:04:04.131000','2026-11-24 14:04:04.131000',NULL);
CREATE TABLE annotation_theme (
	annotation VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	theme VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_annotation_theme PRIMARY KEY (annotation, position), 
	CONSTRAINT fk_annotation_theme_annotation FOREIGN KEY(annotation) REFERENCES annotation (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_annotation_theme_theme FOREIGN KEY(theme) REFERENCES theme (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "annotation_theme" VALUES('d5361986970b4c2d9421df608c8c9408',0,'88102d84c01543c6acd2778d935d1982');
INSERT INTO "annotation_theme" VALUES('d5361986970b4c2d9421df608c8c9408',1,'889da89c59c74dd99cd60a26a859f1bf');
CREATE TABLE document (
	id VARCHAR(32) NOT NULL, 
	revision VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	authors JSON NOT NULL, 
	date TEXT NOT NULL, 
	language TEXT NOT NULL, 
	source TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	words INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	modified DATETIME NOT NULL, 
	deleted DATETIME, 
	CONSTRAINT pk_document PRIMARY KEY (id), 
	CONSTRAINT fk_document_revision FOREIGN KEY(revision) REFERENCES revision (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "document" VALUES('b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0','6a24e85ffa9c425b9c5690111688fa48','Second edition','[]','','','','','bundled',5,'2026-11-24 14:04:04.030000','2026-11-24 14:04:04.050000',NULL);
INSERT INTO "document" VALUES('abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba','Rail corridor','["A. Novak","B. \u00d3marr"]','2026-11-24','en','https://example.org/brief','What it is about.','brief.md',24,'2026-11-24 14:04:04.060000','2026-11-24 14:04:04.060000',NULL);
INSERT INTO "document" VALUES('1234abcd1234abcd1234abcd1234abcd','3f29dbb2ccee477380a73236fb4e4513','Water','[]','','ru','','','water.txt',3,'2026-11-24 14:04:04.072000','2026-11-24 14:04:04.072000',NULL);
INSERT INTO "document" VALUES('00001111000011110000111100001111','6ad78039e72244439935eeb18b8edb0c','Deleted brief','[]','','','','','gone.txt',3,'2026-11-24 14:04:04.080000','2026-11-24 14:04:04.171000','2026-11-24 14:04:04.170000');
CREATE TABLE meta (
	"key" VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('library','25b12a8eb8ae4c44abb7c7756b3382de');
INSERT INTO "meta" VALUES('briefs:x','kept');
CREATE TABLE original (
	revision VARCHAR(32) NOT NULL, 
	bytes BLOB NOT NULL, 
	CONSTRAINT pk_original PRIMARY KEY (revision), 
	CONSTRAINT fk_original_revision FOREIGN KEY(revision) REFERENCES revision (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "original" VALUES('23f02fca187b4b85a7f41891c3710c34',X'6669727374');
INSERT INTO "original" VALUES('6a24e85ffa9c425b9c5690111688fa48',X'7365636F6E64');
INSERT INTO "original" VALUES('1a539f493dbb4de893a50253dafc67ba',X'23205261696C20636F727269646F72');
INSERT INTO "original" VALUES('3f29dbb2ccee477380a73236fb4e4513',X'546865204361737069616E2066616C6C732E');
INSERT INTO "original" VALUES('6ad78039e72244439935eeb18b8edb0c',X'4E6F626F647920726561647320746869732E');
CREATE TABLE passage (
	id VARCHAR(32) NOT NULL, 
	theme VARCHAR(32) NOT NULL, 
	document VARCHAR(32) NOT NULL, 
	revision VARCHAR(32) NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	origin VARCHAR(16) NOT NULL, 
	created DATETIME NOT NULL, 
	modified DATETIME NOT NULL, 
	deleted DATETIME, 
	CONSTRAINT pk_passage PRIMARY KEY (id), 
	CONSTRAINT ck_passage_span CHECK (start >= 0 AND "end" >= start), 
	CONSTRAINT fk_passage_theme FOREIGN KEY(theme) REFERENCES theme (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_passage_document FOREIGN KEY(document) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_passage_revision FOREIGN KEY(revision) REFERENCES revision (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "passage" VALUES('b37a95db74014b30968d6bb2ace6ff4b','889da89c59c74dd99cd60a26a859f1bf','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',14,25,'dismissed','2026-11-24 14:04:04.060000','2026-11-24 14:04:04.165000',NULL);
INSERT INTO "passage" VALUES('36dd5b1cca2949f1a3e732b4d68b275b','889da89c59c74dd99cd60a26a859f1bf','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',26,30,'given','2026-11-24 14:04:04.060000','2026-11-24 14:04:04.060000',NULL);
INSERT INTO "passage" VALUES('7b5229cdcac747c8abdbb74143f362da','88102d84c01543c6acd2778d935d1982','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',74,80,'given','2026-11-24 14:04:04.060000','2026-11-24 14:04:04.060000',NULL);
INSERT INTO "passage" VALUES('083dd998634f4ae9bcffe454ad3594a4','889da89c59c74dd99cd60a26a859f1bf','abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',5,9,'chosen','2026-11-24 14:04:04.155000','2026-11-24 14:04:04.156000',NULL);
CREATE TABLE picture (
	hash VARCHAR(64) NOT NULL, 
	bytes BLOB NOT NULL, 
	CONSTRAINT pk_picture PRIMARY KEY (hash)
);
INSERT INTO "picture" VALUES('23e1765cd96692fcbaafc1b70970e2dd0f25f9454193be4ab4f10ab8248adbe4',X'61206D6170');
CREATE TABLE reading_place (
	document VARCHAR(32) NOT NULL, 
	revision VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	progress DOUBLE NOT NULL, 
	opened DATETIME, 
	CONSTRAINT pk_reading_place PRIMARY KEY (document), 
	CONSTRAINT fk_reading_place_document FOREIGN KEY(document) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_reading_place_revision FOREIGN KEY(revision) REFERENCES revision (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "reading_place" VALUES('abcd1234abcd1234abcd1234abcd1234','1a539f493dbb4de893a50253dafc67ba',20,0.4,'2026-11-24 14:04:04.185000');
CREATE TABLE revision (
	id VARCHAR(32) NOT NULL, 
	document VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	file TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	about JSON NOT NULL, 
	blocks JSON NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (id), 
	CONSTRAINT uq_revision_document_number UNIQUE (document, number), 
	CONSTRAINT fk_revision_document FOREIGN KEY(document) REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "revision" VALUES('23f02fca187b4b85a7f41891c3710c34','b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0',1,'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e','bundled','2026-11-24 14:04:04.030000','{"title":"First edition","summary":"","authors":[],"date":"","language":"","source":"","notices":[],"themes":[]}','[10]','Old words.');
INSERT INTO "revision" VALUES('6a24e85ffa9c425b9c5690111688fa48','b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0',2,'16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4','bundled','2026-11-24 14:04:04.050000','{"title":"Second edition","summary":"","authors":[],"date":"","language":"","source":"","notices":[],"themes":[]}','[17]','All of it is new.');
INSERT INTO "revision" VALUES('1a539f493dbb4de893a50253dafc67ba','abcd1234abcd1234abcd1234abcd1234',1,'f0c02d79df2ceb2414845ed415b6a3e1553f57d486e820147c3342300c06dbd2','brief.md','2026-11-24 14:04:04.060000','{"title":"Rail corridor","summary":"What it is about.","authors":["A. Novak","B. \u00d3marr"],"date":"2026-11-24","language":"en","source":"https://example.org/brief","notices":["A video could not be carried."],"themes":[["Energy","olive",["oil","gas"],[[14,25],[26,30]]],["Law and order","",[],[[74,80]]]]}','[["heading",13,[],{"level":1,"target":"rail"}],["paragraph",35,[["strong",0,3]]],["table",7,[],{"align":["left","right"],"heading_row":true}],["picture",5,[],{"target":"23e1765cd96692fcbaafc1b70970e2dd0f25f9454193be4ab4f10ab8248adbe4"}],55]','Rail corridor
Oil and gas draw money from Europe.
a	b
c	d
A map
Courts 🛤 and civil society matter too: Қазақстан, café.');
INSERT INTO "revision" VALUES('3f29dbb2ccee477380a73236fb4e4513','1234abcd1234abcd1234abcd1234abcd',1,'90a10233efd27fbca82c7ec7703f635b1ce3c3c8e588afee34786591a0304c91','water.txt','2026-11-24 14:04:04.072000','{"title":"Water","summary":"","authors":[],"date":"","language":"ru","source":"","notices":[],"themes":[]}','[18]','The Caspian falls.');
INSERT INTO "revision" VALUES('6ad78039e72244439935eeb18b8edb0c','00001111000011110000111100001111',1,'42c84213a14507e0c43bc12a88f40dad1e18165035a22d717f525292b14c08d5','gone.txt','2026-11-24 14:04:04.080000','{"title":"Deleted brief","summary":"","authors":[],"date":"","language":"","source":"","notices":[],"themes":[]}','[18]','Nobody reads this.');
CREATE TABLE theme (
	id VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	colour VARCHAR(16) NOT NULL, 
	words JSON NOT NULL, 
	created DATETIME NOT NULL, 
	modified DATETIME NOT NULL, 
	deleted DATETIME, 
	CONSTRAINT pk_theme PRIMARY KEY (id)
);
INSERT INTO "theme" VALUES('889da89c59c74dd99cd60a26a859f1bf','Energy','olive','["oil","gas"]','2026-11-24 14:04:04.060000','2026-11-24 14:04:04.060000',NULL);
INSERT INTO "theme" VALUES('88102d84c01543c6acd2778d935d1982','Law and order','amber','[]','2026-11-24 14:04:04.060000','2026-11-24 14:04:04.060000',NULL);
INSERT INTO "theme" VALUES('b83233046fd54655923ea94e93fff587','Gone','rose','["x"]','2026-11-24 14:04:04.139000','2026-11-24 14:04:04.148000','2026-11-24 14:04:04.147000');
CREATE INDEX ix_revision_hash ON revision (hash);
CREATE INDEX ix_passage_revision_start ON passage (revision, start);
CREATE INDEX ix_annotation_revision_start ON annotation (revision, start);
CREATE INDEX ix_annotation_theme_theme ON annotation_theme (theme);
COMMIT;
