// A strict OpenID provider on loopback: node strict.mjs PORT REDIRECT_URI…
// Whoever signs in with the name N has the address N@example.com.
import { Provider } from "oidc-provider";

const [port, ...redirectUris] = process.argv.slice(2);
const origins = redirectUris.map((uri) => new URL("/oauth2callback", uri).href);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "meaux",
      client_secret: "a secret of the tests, of no other use",
      redirect_uris: redirectUris,
      post_logout_redirect_uris: origins,
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["a key of the tests"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: id }),
  }),
});

provider.listen(Number(port), "127.0.0.1");
