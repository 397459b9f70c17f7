/** Trees, blobs and packs of the config repository: reading, editing in memory, and the objects that a push sends. */
package io.jenkins.plugins.gitops.core.git.objects;
