/**
 * The dashboard: the desired and the live state of every target, and pending approvals. Read-only, except for forms
 * that pass decisions and holds on.
 */
package io.jenkins.plugins.gitops.ui;
