/** Who owns which fields of an object, by {@code metadata.managedFields}; pure decisions about who should. */
package io.jenkins.plugins.gitops.agent.ownership;
