package io.jenkins.plugins.gitops.agent;

import java.util.Locale;

/** Small manifests for the tests' config repository, without a namespace. */
final class Manifests {
    private Manifests() {}

    /**
     * Returns an object.
     *
     * @param fields the lines after the metadata; each ends with a line feed
     */
    static String object(String apiVersion, String kind, String name, String fields) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + name + "}\n" + fields;
    }

    /** Returns a ConfigMap with one entry, {@code value}. */
    static String configMap(String name, String value) {
        return object("v1", "ConfigMap", name, "data: {value: \"" + value + "\"}\n");
    }

    static String claim(String name, String accessMode, String storage) {
        return object("v1", "PersistentVolumeClaim", name, """
                spec:
                  accessModes: [%s]
                  resources: {requests: {storage: %s}}
                """.formatted(accessMode, storage));
    }

    static String deployment(String name, String image) {
        return object("apps/v1", "Deployment", name, """
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {containers: [{name: %1$s, image: "%2$s"}]}
                """.formatted(name, image));
    }

    /**
     * Returns a Job.
     *
     * @param fields further fields of the spec, not indented; may be empty
     */
    static String job(String name, String image, String fields) {
        return object("batch/v1", "Job", name, """
                spec:
                %3$s  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: %1$s, image: "%2$s"}]
                """.formatted(name, image, fields.indent(2)));
    }

    static String cronJob(String name, String schedule) {
        return object("batch/v1", "CronJob", name, """
                spec:
                  schedule: "%2$s"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          containers: [{name: %1$s, image: "example.com/%1$s:v1"}]
                """.formatted(name, schedule));
    }

    /** Returns the definition of a namespaced kind whose objects may have any field and have a status. */
    static String customResourceDefinition(String group, String version, String kind, String plural) {
        return object("apiextensions.k8s.io/v1", "CustomResourceDefinition", plural + "." + group, """
                spec:
                  group: %1$s
                  names: {kind: %3$s, plural: %4$s, singular: %5$s}
                  scope: Namespaced
                  versions:
                  - name: %2$s
                    served: true
                    storage: true
                    subresources: {status: {}}
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """.formatted(
                        group, version, kind, plural, kind.toLowerCase(Locale.ROOT)));
    }
}
