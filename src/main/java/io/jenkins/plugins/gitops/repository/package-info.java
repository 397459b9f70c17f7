/**
 * Clones of the config repositories: fetching, credentials, background threads, and the desired state of each target.
 */
package io.jenkins.plugins.gitops.repository;
