ALTER TABLE "thread" ADD COLUMN "opening_key" text;--> statement-breakpoint
CREATE UNIQUE INDEX "thread_opening" ON "thread" USING btree ("workspace_id","opening_key") WHERE opening_key is not null;