CREATE TABLE "model_call" (
	"run" uuid NOT NULL,
	"seq" integer NOT NULL,
	"workspace_id" text NOT NULL,
	"flow_id" text NOT NULL,
	"step" text NOT NULL,
	"node" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"cost" numeric(18, 9),
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "model_call_run_seq_pk" PRIMARY KEY("run","seq")
);
--> statement-breakpoint
CREATE TABLE "model_choice" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"default_model" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text
);
--> statement-breakpoint
CREATE TABLE "model_price" (
	"workspace_id" text NOT NULL,
	"model" text NOT NULL,
	"input" numeric(14, 6) NOT NULL,
	"output" numeric(14, 6) NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	CONSTRAINT "model_price_workspace_id_model_pk" PRIMARY KEY("workspace_id","model")
);
--> statement-breakpoint
CREATE TABLE "model_provider" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"base_url" text,
	"sealed_key" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	CONSTRAINT "model_provider_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE INDEX "model_call_time" ON "model_call" USING btree ("workspace_id","at");