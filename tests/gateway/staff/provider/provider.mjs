// A provider on loopback: whoever signs in as "editor" is in the group "iess-editor", and so on.
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "staff", client_secret: "a-secret-of-the-tests", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  pkce: { required: () => true },
  cookies: { keys: ["a key of the tests"] },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `Person ${id}`,
      email: `${id.split(".")[0]}@hospital.example`,
      email_verified: !id.endsWith(".unverified"),
      groups: ["all-staff", `iess-${id.split(".")[0]}`],
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
