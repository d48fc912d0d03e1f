/** What the gateway answers itself, with or without a configuration. No route may claim these paths. */
export const ownPaths = {
  health: '/health',
  ready: '/ready',
  openapi: '/openapi.json',
  publicStatus: '/public/status',
  publicServices: '/public/services',
  actuator: '/actuator',
} as const;
