/** Ownership of an object's fields according to {@code metadata.managedFields}; pure decisions about changes of it. */
package io.jenkins.plugins.gitops.agent.ownership;
