/** Strategic merge patches and JSON patches. */
package io.jenkins.plugins.gitops.core.render.patch;
