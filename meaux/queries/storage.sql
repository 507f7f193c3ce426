-- view: bucket_word
-- Every word by which usage may name a bucket of the registry, and the project it belongs to.
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
-- What buckets held whenever that was recorded in the period, and each one's peak of the day.
-- The last record of a bucket's day has the place 1.
-- optional: bucket_usage.objects
SELECT
    bucket_usage.bucket AS bucket,
    bucket_usage.at_day AS day,
    bucket_usage.bytes AS bytes,
    bucket_usage.objects AS objects,
    max(bucket_usage.bytes) OVER (
        PARTITION BY bucket_usage.bucket, bucket_usage.at_day
    ) AS peak,
    row_number() OVER (
        PARTITION BY bucket_usage.bucket, bucket_usage.at_day
        ORDER BY bucket_usage.at DESC, bucket_usage.bytes DESC
    ) AS place
FROM bucket_usage
WHERE
    in_period(bucket_usage.at)
    AND bucket_usage.bytes IS NOT NULL
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

-- name: bucket_levels
-- How full each bucket was at the end of each day on which that was recorded, and at its peak.
-- returns: day date, bucket text, bytes number, peak number, objects number
SELECT
    bucket_record.day AS day,
    bucket_record.bucket AS bucket,
    bucket_record.bytes AS bytes,
    bucket_record.peak AS peak,
    bucket_record.objects AS objects
FROM bucket_record
WHERE bucket_record.place = 1
ORDER BY bucket_record.day, bucket_record.bucket

-- name: bucket_operations
-- How often each bucket was written or listed (class A) and read (class B) in the period.
-- returns: bucket text, class_a number, class_b number
-- optional: bucket_usage.class_a, bucket_usage.class_b
-- needs: bucket_usage.class_a or bucket_usage.class_b
SELECT
    bucket_usage.bucket AS bucket,
    sum(bucket_usage.class_a) AS class_a,
    sum(bucket_usage.class_b) AS class_b
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
GROUP BY bucket_usage.bucket
ORDER BY bucket_usage.bucket

-- name: known_buckets
-- The buckets of the registry, by every word that usage may name them by.
-- returns: bucket text, name text, project text
-- optional: bucket.id, bucket.project, project, project.name
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
-- How full each kind of storage was at the end of each day on which that was recorded.
-- returns: day date, source text, bytes number, peak number
SELECT
    record.day AS day,
    record.source AS source,
    record.bytes AS bytes,
    record.peak AS peak
FROM (
    SELECT
        storage_level.at_day AS day,
        storage_level.source AS source,
        storage_level.bytes AS bytes,
        max(storage_level.bytes) OVER (
            PARTITION BY storage_level.source, storage_level.at_day
        ) AS peak,
        row_number() OVER (
            PARTITION BY storage_level.source, storage_level.at_day
            ORDER BY storage_level.at DESC, storage_level.bytes DESC
        ) AS place
    FROM storage_level
    WHERE in_period(storage_level.at) AND storage_level.bytes IS NOT NULL
) AS record
WHERE record.place = 1
ORDER BY record.day, record.source

-- name: images_stored
-- How many images are stored and their bytes, and how many of them the period brought.
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
    [[ AND image.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND image.project IN (
        SELECT project.id FROM project
        WHERE project.team IN (SELECT value FROM json_each(:teams))
    ) ]]

-- name: images_by_day
-- How many images were uploaded on each local day, and their bytes.
-- returns: day date, images integer, bytes number
-- optional: image.bytes
SELECT
    image.uploaded_day AS day,
    count(*) AS images,
    sum(image.bytes) AS bytes
FROM image
WHERE
    in_period(image.uploaded)
    [[ AND image.project IN (SELECT value FROM json_each(:projects)) ]]
    [[ AND image.project IN (
        SELECT project.id FROM project
        WHERE project.team IN (SELECT value FROM json_each(:teams))
    ) ]]
GROUP BY image.uploaded_day
ORDER BY image.uploaded_day

-- name: newest_objects
-- The objects that were uploaded last in the period, newest first.
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
ORDER BY stored_object.uploaded_stored DESC
LIMIT :limit
