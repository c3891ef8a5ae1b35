CREATE TABLE "knowledge_embedding" (
	"workspace_id" text NOT NULL,
	"collection" text NOT NULL,
	"model" text NOT NULL,
	"dimensions" integer NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"due_at" timestamp (3) with time zone,
	"lease_until" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"problem_code" text,
	"problem" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	CONSTRAINT "knowledge_embedding_workspace_id_collection_pk" PRIMARY KEY("workspace_id","collection")
);
--> statement-breakpoint
CREATE TABLE "knowledge_vector" (
	"workspace_id" text NOT NULL,
	"document" uuid NOT NULL,
	"number" integer NOT NULL,
	"collection" text NOT NULL,
	"model" text NOT NULL,
	"dimensions" integer NOT NULL,
	"vector" real[] NOT NULL,
	CONSTRAINT "knowledge_vector_workspace_id_document_number_pk" PRIMARY KEY("workspace_id","document","number")
);
--> statement-breakpoint
ALTER TABLE "knowledge_embedding" ADD CONSTRAINT "knowledge_embedding_workspace_id_collection_knowledge_collection_workspace_id_id_fk" FOREIGN KEY ("workspace_id","collection") REFERENCES "public"."knowledge_collection"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "knowledge_vector" ADD CONSTRAINT "knowledge_vector_workspace_id_document_number_knowledge_chunk_workspace_id_document_number_fk" FOREIGN KEY ("workspace_id","document","number") REFERENCES "public"."knowledge_chunk"("workspace_id","document","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "knowledge_embedding_due" ON "knowledge_embedding" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "knowledge_vector_collection" ON "knowledge_vector" USING btree ("workspace_id","collection","model");