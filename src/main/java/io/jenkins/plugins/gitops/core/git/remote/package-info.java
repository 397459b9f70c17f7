/** The remote of a config repository: fetch and push within limits, credentials, and errors with a remedy. */
package io.jenkins.plugins.gitops.core.git.remote;
