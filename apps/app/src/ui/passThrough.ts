import { StyleSheet } from 'react-native';

/**
 * For a view that only holds others: what lies beneath it is reached between them. In a style sheet, for in a plain style
 * react-native-web drops `box-none` without a word, and the view takes every press.
 */
export const passThrough = StyleSheet.create({ style: { pointerEvents: 'box-none' } }).style;
