CREATE TABLE "knowledge_chunk" (
	"workspace_id" text NOT NULL,
	"document" uuid NOT NULL,
	"number" integer NOT NULL,
	"collection" text NOT NULL,
	"place" text,
	"text" text NOT NULL,
	"search" "tsvector" NOT NULL,
	"length" integer NOT NULL,
	CONSTRAINT "knowledge_chunk_workspace_id_document_number_pk" PRIMARY KEY("workspace_id","document","number")
);
--> statement-breakpoint
CREATE TABLE "knowledge_collection" (
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"language" text DEFAULT 'english' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text,
	CONSTRAINT "knowledge_collection_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "knowledge_document" (
	"workspace_id" text NOT NULL,
	"id" uuid NOT NULL,
	"collection" text NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"characters" integer NOT NULL,
	"passages" integer NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text,
	CONSTRAINT "knowledge_document_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "mcp_server" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"headers" text,
	"header_names" text[] DEFAULT '{}'::text[] NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	CONSTRAINT "mcp_server_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
ALTER TABLE "knowledge_chunk" ADD CONSTRAINT "knowledge_chunk_workspace_id_document_knowledge_document_workspace_id_id_fk" FOREIGN KEY ("workspace_id","document") REFERENCES "public"."knowledge_document"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "knowledge_collection" ADD CONSTRAINT "knowledge_collection_workspace_id_organization_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."organization"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "knowledge_document" ADD CONSTRAINT "knowledge_document_workspace_id_collection_knowledge_collection_workspace_id_id_fk" FOREIGN KEY ("workspace_id","collection") REFERENCES "public"."knowledge_collection"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_server" ADD CONSTRAINT "mcp_server_workspace_id_organization_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."organization"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "knowledge_chunk_search" ON "knowledge_chunk" USING gin ("search");--> statement-breakpoint
CREATE INDEX "knowledge_chunk_collection" ON "knowledge_chunk" USING btree ("workspace_id","collection");--> statement-breakpoint
CREATE UNIQUE INDEX "knowledge_document_name" ON "knowledge_document" USING btree ("workspace_id","collection","name");