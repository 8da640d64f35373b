declare module 'stopword';
