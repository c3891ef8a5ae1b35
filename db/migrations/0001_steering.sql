CREATE TABLE "event_trigger" (
	"workspace_id" text NOT NULL,
	"flow_id" text NOT NULL,
	"node" text NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"filter" text,
	CONSTRAINT "event_trigger_workspace_id_flow_id_node_pk" PRIMARY KEY("workspace_id","flow_id","node")
);
--> statement-breakpoint
CREATE TABLE "blob_use" (
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"run" uuid NOT NULL,
	CONSTRAINT "blob_use_workspace_id_hash_run_pk" PRIMARY KEY("workspace_id","hash","run")
);
--> statement-breakpoint
CREATE TABLE "ended_call" (
	"parent" uuid NOT NULL,
	"run" uuid NOT NULL,
	CONSTRAINT "ended_call_parent_run_pk" PRIMARY KEY("parent","run")
);
--> statement-breakpoint
CREATE TABLE "kept_event" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"key" text,
	"data" json,
	"dedupe_key" text,
	"delivered" integer DEFAULT 0 NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "run_active";--> statement-breakpoint
DROP INDEX "run_number";--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "parent_call" integer;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "slot_key" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "slot_limit" integer;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "when_full" text;--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "slot" text;--> statement-breakpoint
CREATE INDEX "event_trigger_name" ON "event_trigger" USING btree ("workspace_id","name");--> statement-breakpoint
CREATE INDEX "blob_use_run" ON "blob_use" USING btree ("run");--> statement-breakpoint
CREATE UNIQUE INDEX "kept_event_dedupe" ON "kept_event" USING btree ("workspace_id","name","dedupe_key") WHERE dedupe_key is not null;--> statement-breakpoint
CREATE INDEX "kept_event_waiting" ON "kept_event" USING btree ("workspace_id","name","key") WHERE delivered = 0;--> statement-breakpoint
CREATE INDEX "kept_event_expiry" ON "kept_event" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "run_open" ON "run" USING btree ("status","owner") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "run_parent" ON "run" USING btree ("parent","parent_step") WHERE parent is not null;--> statement-breakpoint
CREATE INDEX "run_slot" ON "run" USING btree ("workspace_id","flow_id","slot_key") WHERE slot_key is not null and ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "run_number" ON "run" USING btree ("workspace_id","flow_id","number") WHERE cause <> 'slice';--> statement-breakpoint
INSERT INTO "blob_use" ("workspace_id", "hash", "run")
SELECT DISTINCT e.workspace_id, b.value, e.run FROM "run_event" e, json_each_text(e.blobs) b WHERE e.blobs IS NOT NULL
ON CONFLICT DO NOTHING;
