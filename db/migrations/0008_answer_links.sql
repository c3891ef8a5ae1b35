CREATE TABLE "answer_link" (
	"workspace_id" text NOT NULL,
	"run" uuid NOT NULL,
	"wait" text NOT NULL,
	"person" text NOT NULL,
	"token" text NOT NULL,
	"mail" text,
	"problem" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "answer_link_wait_person_pk" PRIMARY KEY("wait","person")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "answer_link_token" ON "answer_link" USING btree ("token");