package io.jenkins.plugins.gitops.core.render;

import java.util.List;
import java.util.Map;

/**
 * The result of rendering a folder.
 *
 * @param manifests in kustomize's order; plain values: String, Integer, Long, BigInteger, Double, Boolean, null, and
 *     lists and maps of them, with the keys of maps sorted
 * @param warnings one sentence each, with its location; empty if there are none
 */
public record RenderResult(List<Map<String, Object>> manifests, List<String> warnings) {}
