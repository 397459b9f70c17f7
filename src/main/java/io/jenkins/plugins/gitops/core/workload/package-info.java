/** What a live workload runs, read from its object as the API server gives it. No network here. */
package io.jenkins.plugins.gitops.core.workload;
