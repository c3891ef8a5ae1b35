CREATE TABLE "flow_context" (
	"workspace_id" text NOT NULL,
	"flow_id" text NOT NULL,
	"subject" text NOT NULL,
	"state" json NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "flow_context_workspace_id_flow_id_subject_pk" PRIMARY KEY("workspace_id","flow_id","subject")
);
--> statement-breakpoint
CREATE TABLE "message" (
	"workspace_id" text NOT NULL,
	"thread" uuid NOT NULL,
	"seq" integer NOT NULL,
	"id" uuid NOT NULL,
	"role" text NOT NULL,
	"text" text NOT NULL,
	"turn" integer,
	"delivered" boolean NOT NULL,
	"key" text,
	"run" uuid,
	"event" integer,
	"tokens" integer DEFAULT 0 NOT NULL,
	"result" json,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "message_workspace_id_thread_seq_pk" PRIMARY KEY("workspace_id","thread","seq")
);
--> statement-breakpoint
CREATE TABLE "thread" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"flow_id" text NOT NULL,
	"draft" boolean DEFAULT false NOT NULL,
	"person" text,
	"link" text,
	"title" text NOT NULL,
	"last_seq" integer DEFAULT 0 NOT NULL,
	"turn" integer,
	"run" uuid,
	"seen_seq" integer DEFAULT 0 NOT NULL,
	"asks" json DEFAULT '[]'::json NOT NULL,
	"going" boolean DEFAULT false NOT NULL,
	"tokens" bigint DEFAULT 0 NOT NULL,
	"run_tokens" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "thread_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "share_link" ADD COLUMN "kind" text DEFAULT 'view' NOT NULL;--> statement-breakpoint
CREATE INDEX "flow_context_age" ON "flow_context" USING btree ("updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "message_key" ON "message" USING btree ("workspace_id","thread","key") WHERE key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "message_event" ON "message" USING btree ("workspace_id","thread","run","event") WHERE event is not null;--> statement-breakpoint
CREATE INDEX "message_undelivered" ON "message" USING btree ("workspace_id","thread","seq") WHERE not delivered;--> statement-breakpoint
CREATE INDEX "thread_flow" ON "thread" USING btree ("workspace_id","flow_id","updated_at");--> statement-breakpoint
CREATE INDEX "thread_age" ON "thread" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "thread_at_work" ON "thread" USING btree ("updated_at") WHERE turn is not null or going;