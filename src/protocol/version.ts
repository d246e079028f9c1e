/** Versions that two sides compare. */

/** Of the product, as in package.json (a test compares them). */
export const PRODUCT_VERSION = '0.1.0';
/** Of the local API: a face and a daemon that differ say so. */
export const LOCAL_API_VERSION = 2;
/** Of the control channel; in its name, so that another major version never opens. */
export const CONTROL_VERSION = 1;
/** Of the session core's blocks, in block 0. */
export const CORE_FORMAT = 1;
