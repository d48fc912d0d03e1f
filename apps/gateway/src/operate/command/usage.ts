export const usage = `Gatehouse, the gateway.

  npm run gateway -- [--config FILE]
      Serves. What is in the file goes into force again whenever it changes.

  npm run gateway -- check [FILE ...] [--strict]
      Prints every mistake as FILE:LINE:COLUMN, options that contradict each other among them. Exit code 1 if there are
      any. What is only strange is printed as a warning; with --strict it is a mistake.

  npm run gateway -- diff FILE [OTHER]
      Prints what OTHER would change of FILE; without OTHER, what FILE would change of the gateway that runs.
      Exit code 1 if there is a difference.

  npm run gateway -- explain METHOD URL [-H 'NAME: VALUE' ...] [--client ADDRESS] [--live]
      Prints which route takes such a request, which do not and why, what the request has to pass, and which instance
      it would go to. With --live the gateway that runs is asked, which knows how its instances do.

  --config FILE    what to serve or to explain by; config/gateway.yaml, or what GATEWAY_CONFIG names, unless given.
                   config/gateway.example.yaml explains every option.
  --gateway URL    the management address of the gateway that runs; as the configuration says, unless given
  --json           for programs
  --help           this text

Environment: CONFIGURATION_SOURCE: file, database (versions in DATABASE_URL, or in an SQLite file in DATA_DIR without
it) or nacos (NACOS_SERVER, NACOS_GROUP, NACOS_DATA_ID, NACOS_NAMESPACE, NACOS_USERNAME, NACOS_PASSWORD, NACOS_TLS);
DATA_DIR, where the last good configuration and generated secrets are kept; MANAGEMENT_TOKEN, the token of the
management API, which is made and kept in DATA_DIR without it; LOG_LEVEL; DRAIN_DELAY, how long to serve on after
SIGTERM, with /ready at 503; REDIS_URL, for limits that several gateways share; SEAL_KEY, which is made and kept in
DATA_DIR without it; AUTH_SERVICE_GRPC and TENANT_SERVICE_GRPC, for the resolvers that ask; and whatever the
configuration refers to as \${NAME}. Of secrets, NAME_FILE may name a file with the value.
`;
