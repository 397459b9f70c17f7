/** The images and readiness of a live workload, read from its object in the API server's format. No network access. */
package io.jenkins.plugins.gitops.core.workload;
