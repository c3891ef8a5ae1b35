CREATE TABLE "assistant" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"instruction" text DEFAULT '' NOT NULL,
	"model" text,
	"voice_model" text,
	"voice" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	CONSTRAINT "assistant_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "assistant_flow" (
	"workspace_id" text NOT NULL,
	"assistant_id" text NOT NULL,
	"flow_id" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"user_kinds" text[] DEFAULT '{}'::text[] NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "assistant_flow_workspace_id_assistant_id_flow_id_pk" PRIMARY KEY("workspace_id","assistant_id","flow_id")
);
--> statement-breakpoint
ALTER TABLE "assistant" ADD CONSTRAINT "assistant_workspace_id_organization_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."organization"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assistant_flow" ADD CONSTRAINT "assistant_flow_workspace_id_assistant_id_assistant_workspace_id_id_fk" FOREIGN KEY ("workspace_id","assistant_id") REFERENCES "public"."assistant"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assistant_flow_flow" ON "assistant_flow" USING btree ("workspace_id","flow_id");