/** The dashboard: what Git wants of every target, what runs, who has to decide. Reads only; decisions go elsewhere. */
package io.jenkins.plugins.gitops.ui;
