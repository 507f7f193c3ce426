// A Worker that knows nothing of being followed.
export default {
  fetch: (request: Request) =>
    new Response("served", {
      status: request.url.endsWith("/missing") ? 404 : 200,
    }),
};
