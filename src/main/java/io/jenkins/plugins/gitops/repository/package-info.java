/** Clones of the config repositories: fetching, credentials, background threads, and what Git wants of each target. */
package io.jenkins.plugins.gitops.repository;
