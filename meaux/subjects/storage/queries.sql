-- view: bucket_word
-- Each identifier that usage rows may use for a bucket of the registry, and the bucket's project.
-- optional: bucket.id
SELECT
    bucket.name AS word,
    bucket.project AS project
FROM bucket
UNION
SELECT
    bucket.id AS word,
    bucket.project AS project
FROM bucket

-- view: bucket_record
-- The records of buckets in the period.
-- optional: bucket_usage.bytes, bucket_usage.objects, bucket_usage.class_a, bucket_usage.class_b
SELECT
    bucket_usage.bucket AS bucket,
    bucket_usage.at_day AS day,
    bucket_usage.at AS at,
    bucket_usage.bytes AS bytes,
    bucket_usage.objects AS objects,
    bucket_usage.class_a AS class_a,
    bucket_usage.class_b AS class_b
FROM bucket_usage
WHERE
    in_period(bucket_usage.at)
    [[ AND bucket_usage.bucket IN (
        SELECT bucket_word.word FROM bucket_word
        WHERE bucket_word.project IN (SELECT value FROM json_each(:projects))
    ) ]]
    [[ AND bucket_usage.bucket IN (
        SELECT bucket_word.word FROM bucket_word
        WHERE bucket_word.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        )
    ) ]]

-- view: bucket_level
-- The last record with a level, per bucket and day. With a single max(), SQLite takes the other
-- columns of a group from the row with the maximum.
SELECT
    bucket_record.bucket AS bucket,
    bucket_record.day AS day,
    max(bucket_record.at) AS at,
    bucket_record.bytes AS bytes,
    bucket_record.objects AS objects
FROM bucket_record
WHERE bucket_record.bytes IS NOT NULL
GROUP BY bucket_record.bucket, bucket_record.day

-- name: bucket_levels
-- Last storage measurement per bucket and day.
-- returns: day date, bucket text, bytes number, objects number
-- needs: bucket_usage.bytes
SELECT
    bucket_level.day AS day,
    bucket_level.bucket AS bucket,
    bucket_level.bytes AS bytes,
    bucket_level.objects AS objects
FROM bucket_level
ORDER BY bucket_level.day, bucket_level.bucket

-- name: bucket_peaks
-- Peak storage measurement per bucket and day.
-- returns: day date, bucket text, peak number
-- needs: bucket_usage.bytes
SELECT
    bucket_record.day AS day,
    bucket_record.bucket AS bucket,
    max(bucket_record.bytes) AS peak
FROM bucket_record
WHERE bucket_record.bytes IS NOT NULL
GROUP BY bucket_record.bucket, bucket_record.day
ORDER BY bucket_record.day, bucket_record.bucket

-- name: bucket_operations
-- Writes and lists (class A) and reads (class B) per bucket in the period.
-- returns: bucket text, class_a number, class_b number
-- needs: bucket_usage.class_a or bucket_usage.class_b
SELECT
    bucket_record.bucket AS bucket,
    sum(bucket_record.class_a) AS class_a,
    sum(bucket_record.class_b) AS class_b
FROM bucket_record
GROUP BY bucket_record.bucket
ORDER BY bucket_record.bucket

-- name: known_buckets
-- Buckets in `bucket`, one row per identifier that usage rows may refer to.
-- returns: bucket text, name text, project text
-- optional: bucket.id, bucket.project, project, project.name
-- chosen: bucket.project
SELECT
    bucket.id AS bucket,
    bucket.name AS name,
    coalesce(project.name, bucket.project) AS project
FROM bucket
LEFT JOIN project ON project.id = bucket.project
WHERE
    TRUE
    [[ AND bucket.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND project.team IN (SELECT value FROM json_each(:teams)) ]]
ORDER BY name

-- name: storage_levels
-- Last storage measurement per storage type and day.
-- returns: day date, source text, bytes number
SELECT
    record.day AS day,
    record.source AS source,
    record.bytes AS bytes
FROM (
    SELECT
        storage_level.at_day AS day,
        storage_level.source AS source,
        max(storage_level.at) AS at,
        storage_level.bytes AS bytes
    FROM storage_level
    WHERE in_period(storage_level.at) AND storage_level.bytes IS NOT NULL
    GROUP BY storage_level.source, storage_level.at_day
) AS record
ORDER BY record.day, record.source

-- name: storage_peaks
-- Peak storage measurement per storage type and day.
-- returns: day date, source text, peak number
SELECT
    storage_level.at_day AS day,
    storage_level.source AS source,
    max(storage_level.bytes) AS peak
FROM storage_level
WHERE in_period(storage_level.at) AND storage_level.bytes IS NOT NULL
GROUP BY storage_level.source, storage_level.at_day
ORDER BY storage_level.at_day, storage_level.source

-- name: storage_operations
-- Rows and operations per storage type in the period.
-- returns: source text, rows_read number, rows_written number, reads number, writes number, deletes number, lists number
-- optional: storage_level.rows_read, storage_level.rows_written, storage_level.reads, storage_level.writes, storage_level.deletes, storage_level.lists
-- needs: storage_level.rows_read or storage_level.rows_written or storage_level.reads or storage_level.writes or storage_level.deletes or storage_level.lists
SELECT
    storage_level.source AS source,
    sum(storage_level.rows_read) AS rows_read,
    sum(storage_level.rows_written) AS rows_written,
    sum(storage_level.reads) AS reads,
    sum(storage_level.writes) AS writes,
    sum(storage_level.deletes) AS deletes,
    sum(storage_level.lists) AS lists
FROM storage_level
WHERE in_period(storage_level.at)
GROUP BY storage_level.source
ORDER BY storage_level.source

-- name: images_stored
-- Stored images and bytes, and how many were added in the period.
-- returns: images integer, bytes number, added integer, added_bytes number
-- optional: image.bytes, image.uploaded
SELECT
    count(*) AS images,
    sum(image.bytes) AS bytes,
    count(*) FILTER (WHERE in_period(image.uploaded)) AS added,
    sum(image.bytes) FILTER (WHERE in_period(image.uploaded)) AS added_bytes
FROM image
WHERE
    TRUE
    AND of_projects(image.project)

-- name: image_rows
-- One page of the images uploaded in the period, latest first.
-- returns: day date, at instant, name text, project text, bytes number, place stored, key text
-- optional: image.bytes, image.name
-- needs: image.key
SELECT
    image.uploaded_day AS day,
    iif(image.uploaded_timed, image.uploaded, NULL) AS at,
    image.name AS name,
    image.project AS project,
    image.bytes AS bytes,
    image.uploaded_order AS place,
    image.key AS key
FROM image
WHERE
    in_page(image.uploaded)
    AND of_projects(image.project)
    [[ AND coalesce(image.project, '') IN (SELECT value FROM json_each(:of_project)) ]]
ORDER BY image.uploaded_order DESC, image.key_order DESC
LIMIT :limit

-- name: image_row_sums
-- The number of images uploaded in the period per project, and their bytes.
-- returns: project text, bytes number, lines integer
-- optional: image.bytes
SELECT
    image.project AS project,
    sum(image.bytes) AS bytes,
    count(*) AS lines
FROM image
WHERE
    in_period(image.uploaded)
    AND of_projects(image.project)
GROUP BY image.project

-- view: last_level
-- The last level of each bucket in the period, of its bytes and of its objects. With a single
-- max(), SQLite takes the other columns of a group from the row with the maximum.
SELECT
    bucket_level.bucket AS bucket,
    kind.value AS state,
    bucket_level.day AS day,
    max(bucket_level.at) AS at,
    bucket_level.bytes AS bytes,
    bucket_level.objects AS objects
FROM bucket_level
CROSS JOIN json_each('["Bytes", "Objects"]') AS kind
WHERE kind.value = 'Bytes' OR bucket_level.objects IS NOT NULL
GROUP BY bucket_level.bucket, kind.value

-- name: level_rows
-- One page of the last measurements of the buckets, latest first.
-- returns: day date, at instant, bucket text, bytes number, objects number, place stored, key text
-- needs: bucket_usage.bytes
SELECT
    last_level.day AS day,
    last_level.at AS at,
    last_level.bucket AS bucket,
    last_level.bytes AS bytes,
    last_level.objects AS objects,
    last_level.at AS place,
    last_level.bucket AS key
FROM last_level
WHERE
    TRUE
    [[ AND last_level.state IN (SELECT value FROM json_each(:of_kind)) ]]
    [[ AND last_level.bucket IN (SELECT value FROM json_each(:of_service)) ]]
    [[ AND (last_level.at, last_level.bucket) < (:before, :before_key) ]]
ORDER BY last_level.at DESC, last_level.bucket DESC
LIMIT :limit

-- name: level_row_sums
-- The last level of each bucket in the period: its bytes, and its objects.
-- returns: bucket text, state text, bytes number, objects number, lines integer
-- needs: bucket_usage.bytes
SELECT
    last_level.bucket AS bucket,
    last_level.state AS state,
    last_level.bytes AS bytes,
    last_level.objects AS objects,
    1 AS lines
FROM last_level

-- name: images_by_day
-- Images uploaded per local day, and their bytes.
-- returns: day date, images integer, bytes number
-- optional: image.bytes
SELECT
    image.uploaded_day AS day,
    count(*) AS images,
    sum(image.bytes) AS bytes
FROM image
WHERE
    in_period(image.uploaded)
    AND of_projects(image.project)
GROUP BY image.uploaded_day
ORDER BY image.uploaded_day

-- name: newest_objects
-- Objects uploaded in the period, latest first.
-- returns: at instant, bucket text, name text, size number
-- optional: stored_object.name, stored_object.bytes
SELECT
    stored_object.uploaded AS at,
    stored_object.bucket AS bucket,
    stored_object.name AS name,
    stored_object.bytes AS size
FROM stored_object
WHERE
    in_period(stored_object.uploaded)
    [[ AND stored_object.bucket IN (
        SELECT bucket_word.word FROM bucket_word
        WHERE bucket_word.project IN (SELECT value FROM json_each(:projects))
    ) ]]
    [[ AND stored_object.bucket IN (
        SELECT bucket_word.word FROM bucket_word
        WHERE bucket_word.project IN (
            SELECT project.id FROM project
            WHERE project.team IN (SELECT value FROM json_each(:teams))
        )
    ) ]]
ORDER BY stored_object.uploaded_order DESC, stored_object.bucket, stored_object.name
LIMIT :limit
