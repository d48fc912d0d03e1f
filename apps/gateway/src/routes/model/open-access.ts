import type { RouteModel } from './route.model.js';

/** Nobody is asked who they are. */
export const openAccess: RouteModel['access'] = {
  authenticated: false,
  methods: [],
  roles: [],
  scopes: [],
  withoutSecondFactor: true,
  withoutTenant: true,
};
