/** What a tag means in its registry now, compared with what runs. */
package io.jenkins.plugins.gitops.core.registry;
